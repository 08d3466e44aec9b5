package io.sonde.probe;

/**
 * How a target that keeps failing is measured less often: from {@code patience} failures in a row on every second round,
 * then every fourth, and so on, up to every {@code longestStride}-th. Each of these measurements is the trial: one success
 * and the target is measured in every round again.
 */
record Breaker(int patience, int longestStride) {
    private static final int DOUBLINGS = 30;

    Breaker {
        if (patience < 1 || longestStride < 1) {
            throw new IllegalArgumentException("patience and longest stride must be positive");
        }
    }

    /**
     * @param failures in a row, until now
     * @return 1 to measure in every round
     */
    int stride(int failures) {
        int doublings = Math.min(DOUBLINGS, Math.max(0, failures - patience + 1));
        return Math.min(longestStride, 1 << doublings);
    }
}
