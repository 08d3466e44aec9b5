package io.sonde.edge;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.impl.engine.ws.FrameEvent;
import org.apache.pekko.http.impl.engine.ws.FrameStart;
import org.apache.pekko.http.impl.engine.ws.Protocol$Opcode$Close$;
import org.apache.pekko.http.impl.engine.ws.Protocol$Opcode$Ping$;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import scala.Option;

/**
 * The frames of one WebSocket, between its connection and pekko-http's handling of them. Asks every so often whether the
 * peer is there, ends when nothing has come of it for four times as long, and ends with a code when it is told to: pekko-http pings
 * only whom it sends nothing else, and knows the codes 1000 and 1011 alone.
 */
final class WebSocketLine extends GraphStage<BidiShape<FrameEvent, FrameEvent, FrameEvent, FrameEvent>> {
    private static final int UNANSWERED = 4;
    /** How long a peer may take to say that it ends, too. */
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(3);

    private static final FrameStart PING = FrameEvent.fullFrame(
            Protocol$Opcode$Ping$.MODULE$, Option.empty(), ByteString.emptyByteString(), true, false, false, false);

    /** What the stage's timers say. */
    private enum Timer {
        ASK,
        ENDED
    }

    private final Inlet<FrameEvent> peerIn = Inlet.create("WebSocketLine.peerIn");
    private final Outlet<FrameEvent> peerOut = Outlet.create("WebSocketLine.peerOut");
    private final Inlet<FrameEvent> ourIn = Inlet.create("WebSocketLine.ourIn");
    private final Outlet<FrameEvent> ourOut = Outlet.create("WebSocketLine.ourOut");
    private final Duration askEvery;
    private final CompletionStage<WebSocketOffer.End> end;

    /** @param end completes when the line is to end */
    WebSocketLine(Duration askEvery, CompletionStage<WebSocketOffer.End> end) {
        this.askEvery = askEvery;
        this.end = end;
    }

    @Override
    public BidiShape<FrameEvent, FrameEvent, FrameEvent, FrameEvent> shape() {
        return BidiShape.of(peerIn, peerOut, ourIn, ourOut);
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {
        private long heardNanos;
        private boolean askDue;
        private boolean ending;

        Logic() {
            super(WebSocketLine.this.shape());
            setHandler(peerIn, new FromPeer());
            setHandler(peerOut, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pull(peerIn);
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    if (!ending) {
                        cancel(peerIn, cause);
                    }
                }
            });
            setHandler(ourIn, new AbstractInHandler() {
                @Override
                public void onPush() {
                    emit(ourOut, grab(ourIn));
                }

                @Override
                public void onUpstreamFinish() {
                    if (!ending) {
                        complete(ourOut);
                    }
                }
            });
            setHandler(ourOut, new ToPeer());
        }

        @Override
        public void preStart() {
            heardNanos = System.nanoTime();
            scheduleWithFixedDelay(Timer.ASK, askEvery, askEvery);
            AsyncCallback<WebSocketOffer.End> told = createAsyncCallback(this::end);
            end.thenAccept(told::invoke);
        }

        @Override
        public void onTimer(Object timer) {
            if (timer == Timer.ENDED || System.nanoTime() - heardNanos > askEvery.toNanos() * UNANSWERED) {
                completeStage();
            } else if (isAvailable(ourOut)) {
                push(ourOut, PING);
            } else {
                askDue = true;
            }
        }

        private void end(WebSocketOffer.End how) {
            if (ending) {
                return;
            }
            ending = true;
            cancelTimer(Timer.ASK);
            scheduleOnce(Timer.ENDED, ENDS_WITHIN);
            complete(peerOut);
            cancel(ourIn);
            emit(ourOut, FrameEvent.closeFrame(how.code(), how.reason(), Option.empty()));
            if (!isClosed(peerIn) && !hasBeenPulled(peerIn)) {
                pull(peerIn);
            }
        }

        private final class FromPeer extends AbstractInHandler {
            @Override
            public void onPush() {
                heardNanos = System.nanoTime();
                FrameEvent frame = grab(peerIn);
                if (!ending) {
                    push(peerOut, frame);
                } else if (frame instanceof FrameStart start
                        && start.header().opcode() == Protocol$Opcode$Close$.MODULE$) {
                    completeStage();
                } else {
                    pull(peerIn);
                }
            }

            @Override
            public void onUpstreamFinish() {
                if (ending) {
                    completeStage();
                } else {
                    complete(peerOut);
                }
            }
        }

        private final class ToPeer extends AbstractOutHandler {
            @Override
            public void onPull() {
                if (askDue) {
                    askDue = false;
                    push(ourOut, PING);
                } else if (!isClosed(ourIn) && !hasBeenPulled(ourIn)) {
                    pull(ourIn);
                }
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
                if (ending) {
                    completeStage();
                } else {
                    cancel(ourIn, cause);
                }
            }
        }
    }
}
