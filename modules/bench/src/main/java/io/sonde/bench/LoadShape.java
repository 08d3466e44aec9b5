package io.sonde.bench;

/**
 * What is sent.
 *
 * @param clients how many sources
 * @param targets how many each of them measures
 * @param batch events in a request, all of one client
 * @param duplicates of a hundred events, how many were sent and acknowledged before
 * @param errors of a hundred events, how many are failures
 * @param connections each with at most one request on its way at any time
 * @param gzip whether bodies are compressed
 * @param ageMs how long ago events happened when they are sent; of a minute that has ended, windows close at once
 */
record LoadShape(
        int clients, int targets, int batch, int duplicates, int errors, int connections, boolean gzip, int ageMs) {
    private static final int MOST_EVENTS = 1_000;

    LoadShape {
        require(clients >= 1 && clients <= 1_000_000, "--clients is to be 1 to 1000000");
        require(targets >= 1 && targets <= 10_000, "--targets is to be 1 to 10000");
        require(batch >= 1 && batch <= MOST_EVENTS, "--batch is to be 1 to " + MOST_EVENTS);
        require(duplicates >= 0 && duplicates < 100, "--duplicates is a percentage, 0 to 99");
        require(errors >= 0 && errors <= 100, "--errors is a percentage, 0 to 100");
        require(ageMs >= 0 && ageMs <= 60_000, "--age is to be 0 to 60, or events would be late");
        require(connections >= 1 && connections <= clients, "--connections is to be 1 to the number of clients");
    }

    /** How many different bodies a client has: so many that together they name each target. */
    int bodiesPerClient() {
        return Math.max(4, (targets + batch - 1) / batch);
    }

    String target(int number) {
        return "https://target-" + number + ".example.org/health";
    }

    private static void require(boolean fits, String otherwise) {
        if (!fits) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
