package io.sonde.qoe;

/**
 * The rule for targets: an absolute http or https URL with a host (RFC 3986 §3), kept as it was sent.
 *
 * <p>Not {@link java.net.URI}: that knows no host in {@code http://my_host/} or {@code https://münchen.de/}, and both are
 * measured by people.
 */
final class TargetUrl {
    static final int MAX_LENGTH = 2_048;
    static final String EXPECTED =
            "expected an absolute http or https URL with a host, at most " + MAX_LENGTH + " characters";

    private static final int MAX_PORT = 65_535;

    private TargetUrl() {}

    static boolean isValid(String url) {
        if (url.length() > MAX_LENGTH || !hasNoBlanks(url) || !Texts.isPlain(url)) {
            return false;
        }
        int start = afterScheme(url);
        return start > 0 && isAuthority(url.substring(start, endOfAuthority(url, start)));
    }

    private static boolean hasNoBlanks(String url) {
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c == ' ' || (c > '~' && (Character.isWhitespace(c) || Character.isSpaceChar(c)))) {
                return false;
            }
        }
        return true;
    }

    private static int afterScheme(String url) {
        if (url.regionMatches(true, 0, "http://", 0, 7)) {
            return 7;
        }
        return url.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
    }

    private static int endOfAuthority(String url, int start) {
        int end = start;
        while (end < url.length() && "/?#\\".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static boolean isAuthority(String authority) {
        String hostAndPort = authority.substring(authority.lastIndexOf('@') + 1);
        int endOfHost = hostAndPort.startsWith("[") ? hostAndPort.indexOf(']') + 1 : hostAndPort.indexOf(':');
        if (endOfHost < 0) {
            return !hostAndPort.isEmpty();
        }
        String host = hostAndPort.substring(0, endOfHost);
        return isHost(host) && isPort(hostAndPort.substring(endOfHost));
    }

    private static boolean isHost(String host) {
        return host.startsWith("[")
                ? host.length() > 3
                        && host.chars().skip(1).limit(host.length() - 2L).allMatch(TargetUrl::isInAddress)
                : !host.isEmpty();
    }

    private static boolean isInAddress(int c) {
        return c == ':' || c == '.' || c == '%' || Character.isLetterOrDigit(c);
    }

    private static boolean isPort(String port) {
        if (port.isEmpty() || port.equals(":")) {
            return true;
        }
        return port.matches(":[0-9]{1,5}") && Integer.parseInt(port, 1, port.length(), 10) <= MAX_PORT;
    }
}
