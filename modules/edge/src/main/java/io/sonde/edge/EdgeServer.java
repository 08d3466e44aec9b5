package io.sonde.edge;

import com.typesafe.config.Config;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.jspecify.annotations.Nullable;

/** Sonde's HTTP port, with the limits of {@code sonde.edge.server}. */
public final class EdgeServer {
    private static final Duration CERTIFICATE_CHECK = Duration.ofSeconds(5);

    private final String host;
    private final int port;
    private final @Nullable ServerTls tls;

    private EdgeServer(String host, int port, @Nullable ServerTls tls) {
        this.host = host;
        this.port = port;
        this.tls = tls;
    }

    /** @param port 0 for any free one */
    public static EdgeServer plain(String host, int port) {
        return new EdgeServer(host, port, null);
    }

    /**
     * With TLS alone where {@code files} are set: whoever speaks plain HTTP to it is not sent on, for its token would have gone
     * in the clear.
     */
    public static EdgeServer of(String host, int port, TlsFiles files, Clock clock) throws UnusableCertificate {
        return files.areSet() ? secured(host, port, ServerTls.open(files, clock)) : plain(host, port);
    }

    static EdgeServer secured(String host, int port, ServerTls tls) {
        return new EdgeServer(host, port, tls);
    }

    /** @param route everything that is served; what it leaves open is answered as a {@link Problem} */
    public CompletionStage<ServerBinding> bind(ClassicActorSystemProvider system, Route route) {
        return bind(system, system.classicSystem().settings().config(), route);
    }

    CompletionStage<ServerBinding> bind(ClassicActorSystemProvider system, Config config, Route route) {
        Flow<HttpRequest, HttpResponse, NotUsed> answers =
                Problems.inTime(Problems.seal(route)).flow(system);
        Duration idle = config.getDuration("sonde.edge.server.idle-timeout");
        return builder(system)
                .withSettings(settings(config))
                .bindFlow(BidiFlow.fromGraph(new HeadDeadline(idle)).join(answers));
    }

    private ServerBuilder builder(ClassicActorSystemProvider system) {
        ServerBuilder builder = Http.get(system).newServerAt(host, port);
        if (tls == null) {
            return builder;
        }
        ActorSystem classic = system.classicSystem();
        classic.scheduler()
                .scheduleWithFixedDelay(
                        CERTIFICATE_CHECK,
                        CERTIFICATE_CHECK,
                        tls::refresh,
                        classic.dispatchers().lookup("pekko.actor.default-blocking-io-dispatcher"));
        return builder.enableHttps(ConnectionContext.httpsServer(tls::engine));
    }

    private static ServerSettings settings(Config config) {
        Config ours = config.getConfig("sonde.edge.server").atPath("pekko.http.server");
        return ServerSettings.create(ours.withFallback(config));
    }
}
