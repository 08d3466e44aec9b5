package io.sonde.edge;

import java.time.Duration;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/**
 * Closes a connection on which no request's head becomes complete for so long while none is being answered. pekko-http's own
 * idle time-out begins anew with each byte, so that a sender of one byte a minute would keep its connection for ever.
 */
final class HeadDeadline extends GraphStage<BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse>> {
    private static final String PASSED = "passed";

    private final Inlet<HttpRequest> requestIn = Inlet.create("HeadDeadline.requestIn");
    private final Outlet<HttpRequest> requestOut = Outlet.create("HeadDeadline.requestOut");
    private final Inlet<HttpResponse> responseIn = Inlet.create("HeadDeadline.responseIn");
    private final Outlet<HttpResponse> responseOut = Outlet.create("HeadDeadline.responseOut");
    private final Duration limit;

    HeadDeadline(Duration limit) {
        this.limit = limit;
    }

    @Override
    public BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse> shape() {
        return BidiShape.of(requestIn, requestOut, responseIn, responseOut);
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {
        private int underWay;
        /** Of {@link System#nanoTime()}; means nothing while a request is under way. */
        private long waitingSinceNanos;

        Logic() {
            super(HeadDeadline.this.shape());
            setHandler(requestIn, new AbstractInHandler() {
                @Override
                public void onPush() {
                    underWay++;
                    push(requestOut, grab(requestIn));
                }

                @Override
                public void onUpstreamFinish() {
                    complete(requestOut);
                }
            });
            setHandler(requestOut, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pull(requestIn);
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    cancel(requestIn, cause);
                }
            });
            setHandler(responseIn, new AbstractInHandler() {
                @Override
                public void onPush() {
                    underWay--;
                    waitForNext();
                    push(responseOut, grab(responseIn));
                }

                @Override
                public void onUpstreamFinish() {
                    complete(responseOut);
                }
            });
            setHandler(responseOut, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pull(responseIn);
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    cancel(responseIn, cause);
                }
            });
        }

        @Override
        public void preStart() {
            waitForNext();
            scheduleOnce(PASSED, limit);
        }

        /** Set for the end of the wait that it found, not anew by each request: a timer's place is kept until its time. */
        @Override
        public void onTimer(Object timer) {
            Duration waited = underWay > 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - waitingSinceNanos);
            if (waited.compareTo(limit) >= 0) {
                completeStage();
            } else {
                scheduleOnce(PASSED, limit.minus(waited));
            }
        }

        private void waitForNext() {
            waitingSinceNanos = System.nanoTime();
        }
    }
}
