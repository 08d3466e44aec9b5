package io.sonde.edge;

import com.typesafe.config.Config;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.settings.ServerSettings;

/** Sonde's HTTP port, with the limits of {@code sonde.edge.server}. */
public final class EdgeServer {
    private EdgeServer() {}

    /**
     * @param port 0 for any free one
     * @param route everything that is served; what it leaves open is answered as a {@link Problem}
     */
    public static CompletionStage<ServerBinding> bind(
            ClassicActorSystemProvider system, String host, int port, Route route) {
        return Http.get(system)
                .newServerAt(host, port)
                .withSettings(settings(system.classicSystem().settings().config()))
                .bind(Problems.seal(route));
    }

    private static ServerSettings settings(Config config) {
        Config ours = config.getConfig("sonde.edge.server").atPath("pekko.http.server");
        return ServerSettings.create(ours.withFallback(config));
    }
}
