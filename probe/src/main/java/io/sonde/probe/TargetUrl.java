package io.sonde.probe;

import java.net.IDN;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An absolute http or https URL, taken apart the way it is measured.
 *
 * @param text as it was given; events carry it
 * @param host a name, or an address without brackets
 * @param path with its query, at least {@code /}; a fragment is never sent
 */
record TargetUrl(String text, boolean secure, String host, int port, String path) {
    private static final int LENGTH_LIMIT = 2_048;
    private static final Pattern URL = Pattern.compile(
            "(?<scheme>https?)://(?:\\[(?<address>[0-9a-fA-F:.]+)]|(?<name>[^\\s/?#@:\\[\\]]+))(?::(?<port>\\d{1,5}))?"
                    + "(?<path>[/?][^\\s#]*)?(?:#\\S*)?",
            Pattern.CASE_INSENSITIVE);

    TargetUrl {
        Objects.requireNonNull(text);
        Objects.requireNonNull(host);
        Objects.requireNonNull(path);
    }

    /** @throws IllegalArgumentException saying what a target looks like */
    static TargetUrl parse(String text) {
        Matcher url = URL.matcher(text);
        if (!url.matches() || text.length() > LENGTH_LIMIT || !text.chars().allMatch(c -> c > ' ' && c != 127)) {
            throw new IllegalArgumentException("'" + text + "' is not a target: write an absolute http or https URL"
                    + " without user name, up to " + LENGTH_LIMIT + " characters, like https://example.org/health");
        }
        boolean secure = url.group("scheme").toLowerCase(Locale.ROOT).equals("https");
        String address = url.group("address");
        String host = address != null ? address : ascii(text, url.group("name"));
        return new TargetUrl(text, secure, host, port(text, url.group("port"), secure), path(url.group("path")));
    }

    /** As the Host header has it (RFC 9110 §7.2). */
    String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (secure ? 443 : 80) ? name : name + ":" + port;
    }

    /** The same with one more query parameter that no cache has seen. */
    TargetUrl bustingCaches(String nonce) {
        String more = path + (path.indexOf('?') < 0 ? "?" : "&") + "sonde_nonce=" + nonce;
        return new TargetUrl(text, secure, host, port, more);
    }

    private static String ascii(String text, String name) {
        try {
            return IDN.toASCII(name, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not a target: its host is no domain name", e);
        }
    }

    private static int port(String text, String digits, boolean secure) {
        if (digits == null) {
            return secure ? 443 : 80;
        }
        int port = Integer.parseInt(digits);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("'" + text + "' is not a target: a port is 1 to 65535");
        }
        return port;
    }

    private static String path(String path) {
        if (path == null) {
            return "/";
        }
        return path.startsWith("?") ? "/" + path : path;
    }
}
