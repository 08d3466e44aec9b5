package io.sonde.bench;

/** A figure and the proof that what it was measured on was right. */
record Measured(Spread spread, Truth truth) {
    /** What was found when the answers and windows were compared with what was sent; or that nothing was to compare. */
    record Truth(boolean right, String text) {
        static final Truth NOTHING_SENT = new Truth(true, "–");
    }
}
