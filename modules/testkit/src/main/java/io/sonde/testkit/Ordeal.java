package io.sonde.testkit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Gives a reader right bytes that were changed, again and again: it may take them or refuse them in the one way it declares,
 * soon and within its memory. What else it does is told with the bytes that made it do so.
 */
public final class Ordeal {
    private static final long MOST_BYTES = 64 << 20;
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private Ordeal() {}

    /** Reads bytes; throws what is not to its liking. */
    @FunctionalInterface
    public interface Reader {
        void read(byte[] bytes) throws Exception;
    }

    /** @param refusal the one exception that the reader declares */
    public static void of(Reader reader, Class<? extends Exception> refusal, List<byte[]> right, int times, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < times; i++) {
            byte[] bytes = Mutation.of(right.get(i % right.size()), random);
            once(reader, refusal, bytes);
        }
    }

    private static void once(Reader reader, Class<? extends Exception> refusal, byte[] bytes) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        try {
            reader.read(bytes);
        } catch (Exception | OutOfMemoryError | StackOverflowError e) {
            if (!refusal.isInstance(e)) {
                throw new AssertionError("not a " + refusal.getSimpleName() + " of " + hex(bytes), e);
            }
        }
        long spent = threads.getCurrentThreadAllocatedBytes() - allocated;
        if (spent > MOST_BYTES || System.nanoTime() - start > MOST_NANOS) {
            throw new AssertionError(spent + " bytes of memory for " + hex(bytes));
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
