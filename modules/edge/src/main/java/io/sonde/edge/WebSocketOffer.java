package io.sonde.edge;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.extractActorSystem;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.event.NoLogging;
import org.apache.pekko.http.impl.engine.ws.FrameEvent;
import org.apache.pekko.http.impl.engine.ws.UpgradeToWebSocketLowLevel;
import org.apache.pekko.http.impl.engine.ws.WebSocket;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.ws.BinaryMessage;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.scaladsl.model.ws.Message;
import org.apache.pekko.http.scaladsl.model.ws.TextMessage$;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import scala.Option;
import scala.concurrent.duration.FiniteDuration;

/** A request to go on as a WebSocket of texts (RFC 6455), made by no page but the node's own. */
public final class WebSocketOffer {
    private static final FiniteDuration CLOSE_LIMIT = FiniteDuration.apply(3, TimeUnit.SECONDS);

    private final UpgradeToWebSocketLowLevel upgrade;

    private WebSocketOffer(UpgradeToWebSocketLowLevel upgrade) {
        this.upgrade = upgrade;
    }

    /**
     * How one ends.
     *
     * @param code RFC 6455 §7.4; 4000 to 4999 are the application's own
     * @param reason at most 123 bytes
     */
    public record End(int code, String reason) {
        public static final int GOING_AWAY = 1001;
        public static final int POLICY = 1008;
        public static final int TRY_AGAIN_LATER = 1013;

        public End {
            Objects.requireNonNull(reason);
        }
    }

    /** 426 for what is no such request, 403 for one that a page of another site makes with what its visitor's browser holds. */
    public static Route required(Function<WebSocketOffer, Route> inner) {
        return extractRequest(request -> {
            Optional<UpgradeToWebSocketLowLevel> upgrade = request.getAttribute(AttributeKeys.webSocketUpgrade)
                    .filter(UpgradeToWebSocketLowLevel.class::isInstance)
                    .map(UpgradeToWebSocketLowLevel.class::cast);
            if (upgrade.isEmpty()) {
                return complete(upgradeRequired());
            }
            return isForeign(request) ? complete(foreignOrigin()) : inner.apply(new WebSocketOffer(upgrade.get()));
        });
    }

    /**
     * @param talk what comes, and what is said; of a text that is longer than {@code longest} comes a part that is, too, and
     *     of a message of bytes an empty text
     * @param askEvery whether the peer is there; it ends when nothing has come of it for four times as long
     * @param end completes when it is to end
     */
    public Route accept(Flow<String, String, NotUsed> talk, int longest, Duration askEvery, CompletionStage<End> end) {
        return extractActorSystem(system -> complete(answer(system, talk, longest, askEvery, end)));
    }

    private HttpResponse answer(
            ActorSystem system,
            Flow<String, String, NotUsed> talk,
            int longest,
            Duration askEvery,
            CompletionStage<End> end) {
        Flow<Message, Message, NotUsed> messages = Flow.of(Message.class)
                .flatMapConcat(message -> text(message, longest))
                .via(talk)
                .map(said -> (Message) TextMessage$.MODULE$.apply(said));
        var settings = ServerSettings.apply(system.settings().config()).websocketSettings();
        Flow<FrameEvent, FrameEvent, NotUsed> frames = WebSocket.stack(
                        true, settings, CLOSE_LIMIT, NoLogging.getInstance())
                .join(messages)
                .asJava();
        return upgrade.handleFrames(
                BidiFlow.fromGraph(new WebSocketLine(askEvery, end))
                        .join(frames)
                        .<Object>mapMaterializedValue(none -> none),
                Option.empty());
    }

    private static Source<String, ?> text(Message message, int longest) {
        if (message instanceof BinaryMessage bytes) {
            return bytes.getStreamedData().fold("", (none, data) -> none);
        }
        TextMessage text = (TextMessage) message;
        return text.isStrict()
                ? Source.single(text.getStrictText())
                : text.getStreamedText().fold("", (all, part) -> all.length() > longest ? all : all + part);
    }

    /** Browsers name the site of the page that asks, and let it use what they hold for ours; programs name none. */
    private static boolean isForeign(HttpRequest request) {
        String host = request.getHeader("Host").map(HttpHeader::value).orElse("");
        for (HttpHeader header : request.getHeaders()) {
            if (header.is("origin")
                    && !header.value().replaceFirst("^https?://", "").equalsIgnoreCase(host)) {
                return true;
            }
        }
        return false;
    }

    private static HttpResponse upgradeRequired() {
        return new Problem(
                        426,
                        "upgrade-required",
                        "Upgrade required",
                        "This is a WebSocket: ask for it with one (RFC 6455), as ws:// or wss:// and this address.")
                .response()
                .addHeader(RawHeader.create("Upgrade", "websocket"));
    }

    private static HttpResponse foreignOrigin() {
        return new Problem(
                        403,
                        "foreign-origin",
                        "Asked for by another site",
                        "A page may ask the node that it came from alone: Origin names another host than Host. Behind a proxy,"
                                + " let it pass Host on as it came.")
                .response();
    }
}
