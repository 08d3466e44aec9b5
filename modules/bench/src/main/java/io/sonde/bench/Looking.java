package io.sonde.bench;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Somebody who looks again and again, beside a load, and notes how long something takes. */
final class Looking implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Future<Histogram> seen;
    private volatile boolean ended;

    /** What is looked at. */
    interface Look {
        /** Adds what it found, in µs. */
        void into(Histogram micros) throws Exception;
    }

    private Looking(Look look, int pauseMs) {
        seen = thread.submit(() -> {
            Histogram micros = new Histogram(3);
            while (!ended) {
                look.into(micros);
                TimeUnit.MILLISECONDS.sleep(pauseMs);
            }
            return micros;
        });
    }

    static Looking at(Look look, int pauseMs) {
        return new Looking(look, pauseMs);
    }

    /** Of everything until now; it ends with that. Empty when nothing was seen. */
    Histogram end() throws IOException, InterruptedException {
        ended = true;
        try {
            return seen.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    @Override
    public void close() {
        ended = true;
        thread.shutdown();
    }
}
