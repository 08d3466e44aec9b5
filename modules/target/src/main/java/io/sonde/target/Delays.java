package io.sonde.target;

import java.util.HashMap;
import java.util.Map;

/**
 * What every answer suffers; nothing, until somebody says so.
 *
 * @param ttfbMs before the first byte of an answer, ms
 * @param tlsMs between the ClientHello and what answers it, ms
 * @param kbps at which bodies come, kbit/s; 0 for as fast as they go
 */
record Delays(int ttfbMs, int tlsMs, int kbps) {
    private static final String TTFB = "ttfb-ms";
    private static final String TLS = "tls-ms";
    private static final String KBPS = "kbps";
    private static final Map<String, Integer> MOST = Map.of(TTFB, 60_000, TLS, 60_000, KBPS, 10_000_000);

    /** After the limits, which it is checked against. */
    static final Delays NONE = new Delays(0, 0, 0);

    Delays {
        within(TTFB, ttfbMs);
        within(TLS, tlsMs);
        within(KBPS, kbps);
    }

    /**
     * Of a query; what it does not name is none.
     *
     * @throws IllegalArgumentException naming what is wrong and what is possible
     */
    static Delays of(String query) {
        Map<String, Integer> set = new HashMap<>();
        for (String pair : query.split("&", -1)) {
            String[] words = pair.split("=", 2);
            String name = words[0];
            if (!MOST.containsKey(name)) {
                throw new IllegalArgumentException("'" + name + "' is none of ttfb-ms, tls-ms and kbps");
            }
            if (set.put(name, number(name, words.length < 2 ? "" : words[1])) != null) {
                throw new IllegalArgumentException(name + " is there twice");
            }
        }
        return new Delays(set.getOrDefault(TTFB, 0), set.getOrDefault(TLS, 0), set.getOrDefault(KBPS, 0));
    }

    String json() {
        return "{\"" + TTFB + "\":" + ttfbMs + ",\"" + TLS + "\":" + tlsMs + ",\"" + KBPS + "\":" + kbps + "}";
    }

    private static int number(String name, String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw outOfRange(name, text);
        }
        return Integer.parseInt(text);
    }

    private static void within(String name, int number) {
        if (number < 0 || number > most(name)) {
            throw outOfRange(name, Integer.toString(number));
        }
    }

    private static IllegalArgumentException outOfRange(String name, String text) {
        return new IllegalArgumentException(
                name + " is a whole number from 0 to " + most(name) + ", and is '" + text + "'");
    }

    private static int most(String name) {
        return MOST.getOrDefault(name, 0);
    }
}
