package io.sonde.bus;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What is under way, bounded by number and by bytes. What enters alone always fits, however large. */
final class Room {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private final int mostBatches;
    private final long mostBytes;
    private int batches;
    private long bytes;

    Room(int mostBatches, long mostBytes) {
        this.mostBatches = mostBatches;
        this.mostBytes = mostBytes;
    }

    /** False, and nothing entered, when there is no room now. */
    boolean tryEnter(int size) {
        return tryEnter(1, size);
    }

    /** All or none of them; they leave one by one. */
    boolean tryEnter(int number, long size) {
        lock.lock();
        try {
            return enterIfTheyFit(number, size);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for room. */
    void enter(int size) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!enterIfTheyFit(1, size)) {
                left.await();
            }
        } finally {
            lock.unlock();
        }
    }

    void leave(int size) {
        lock.lock();
        try {
            batches--;
            bytes -= size;
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return batches == 0;
        } finally {
            lock.unlock();
        }
    }

    /** False when something is still under way after so long. */
    boolean awaitEmpty(long limitMs) throws InterruptedException {
        long waitNs = TimeUnit.MILLISECONDS.toNanos(limitMs);
        lock.lockInterruptibly();
        try {
            while (batches > 0 && waitNs > 0) {
                waitNs = left.awaitNanos(waitNs);
            }
            return batches == 0;
        } finally {
            lock.unlock();
        }
    }

    private boolean enterIfTheyFit(int number, long size) {
        boolean fit = batches == 0 || (batches + number <= mostBatches && bytes + size <= mostBytes);
        if (fit) {
            batches += number;
            bytes += size;
        }
        return fit;
    }
}
