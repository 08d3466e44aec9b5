package io.sonde.probe;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The time limits of stages: closes the socket under a call that takes too long. A read time-out would not do: it begins
 * anew with every byte, and it does not bind writes.
 */
final class Deadlines implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;

    interface Call<T> {
        T run() throws IOException, StageFailed;
    }

    Deadlines() {
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            var thread = new Thread(task, "sonde-probe-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    /** @throws SocketTimeoutException when the limit came first; {@code socket} is closed then */
    <T> T within(Duration limit, Closeable socket, Call<T> call) throws IOException, StageFailed {
        // Whoever takes it first, the call or the limit, has won.
        var decided = new AtomicBoolean();
        var cut = timer.schedule(() -> cut(decided, socket), limit.toNanos(), TimeUnit.NANOSECONDS);
        try {
            T answer = call.run();
            if (!decided.compareAndSet(false, true)) {
                throw timeout(limit);
            }
            return answer;
        } catch (IOException | StageFailed e) {
            if (!decided.compareAndSet(false, true) && !(e instanceof SocketTimeoutException)) {
                throw timeout(limit);
            }
            throw e;
        } finally {
            cut.cancel(false);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private static void cut(AtomicBoolean decided, Closeable socket) {
        if (decided.compareAndSet(false, true)) {
            closeQuietly(socket);
        }
    }

    static void closeQuietly(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closing is all that was wanted.
        }
    }

    private static SocketTimeoutException timeout(Duration limit) {
        return new SocketTimeoutException("took longer than " + limit.toMillis() + " ms");
    }
}
