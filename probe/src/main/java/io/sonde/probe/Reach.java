package io.sonde.probe;

import io.sonde.qoe.Stage;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which addresses a target may be at: asked with the very address that is connected to next, so that no name that changes
 * its mind, no notation and no redirect leads elsewhere.
 */
enum Reach {
    /** What this machine's own settings name. */
    ANYWHERE,
    /** What a node names, where this machine's owner lets it into private networks. */
    PRIVATE_TOO,
    /** What a node names. */
    PUBLIC;

    private static final class Network {
        private final byte[] address;
        private final int bits;
        private final String what;
        /** Where an IPv4 address stands in it that is reached through it, or -1. */
        private final int v4At;

        private Network(byte[] address, int bits, String what, int v4At) {
            this.address = address;
            this.bits = bits;
            this.what = what;
            this.v4At = v4At;
        }

        static Network of(String text, String what) {
            return of(text, what, -1);
        }

        static Network of(String text, String what, int v4At) {
            int slash = text.indexOf('/');
            return new Network(
                    Reach.bytes(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)), what, v4At);
        }

        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if ((address[bit / 8] & mask) != (other[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final String METADATA = "where clouds tell a machine its secrets";

    /** Never on a node's word. RFC 6890's registry, and what clouds have put beside it. */
    private static final List<Network> FORBIDDEN = List.of(
            Network.of("169.254.0.0/16", "link-local, " + METADATA),
            Network.of("100.100.100.200/32", METADATA),
            Network.of("168.63.129.16/32", METADATA),
            Network.of("192.0.0.0/24", "of protocols, and " + METADATA),
            Network.of("224.0.0.0/4", "multicast"),
            Network.of("240.0.0.0/4", "reserved"),
            Network.of("fe80::/10", "link-local"),
            Network.of("fd00:ec2::/32", METADATA),
            Network.of("fd20:ce::/32", METADATA),
            Network.of("64:ff9b:1::/48", "of a local translator"),
            Network.of("2001::/32", "a tunnel's"),
            Network.of("ff00::/8", "multicast"));

    private static final List<Network> PRIVATE = List.of(
            Network.of("0.0.0.0/8", "this machine"),
            Network.of("127.0.0.0/8", "this machine"),
            Network.of("10.0.0.0/8", "private"),
            Network.of("172.16.0.0/12", "private"),
            Network.of("192.168.0.0/16", "private"),
            Network.of("100.64.0.0/10", "private"),
            Network.of("198.18.0.0/15", "private"),
            Network.of("::/128", "this machine"),
            Network.of("::1/128", "this machine"),
            Network.of("fc00::/7", "private"),
            Network.of("fec0::/10", "private"));

    /** The other name of an IPv4 address, mapped and compatible (RFC 4291), translated (RFC 6052), 6to4 (RFC 3056). */
    private static final List<Network> OTHER_NAMES = List.of(
            Network.of("::/96", "IPv4", 12),
            new Network(mappedPrefix(), 96, "IPv4", 12),
            Network.of("64:ff9b::/96", "IPv4", 12),
            Network.of("2002::/16", "IPv4", 2));

    private static final int V4_LENGTH = 4;

    /** Why it is not connected to; empty when it is. */
    Optional<String> refusal(InetAddress address) {
        return refusal(address.getAddress()).map(why -> address.getHostAddress() + " is " + why);
    }

    /** @throws StageFailed when it is not connected to */
    void require(InetAddress address) throws StageFailed {
        Optional<String> why = refusal(address);
        if (why.isPresent()) {
            throw new StageFailed(Stage.TCP, "forbidden", why.get());
        }
    }

    /** Of the 4 or 16 bytes of an address. */
    Optional<String> refusal(byte[] address) {
        if (this == ANYWHERE) {
            return Optional.empty();
        }
        Optional<String> forbidden =
                in(FORBIDDEN, address).map(what -> what + ", which is not measured on a node's word");
        if (forbidden.isPresent()) {
            return forbidden;
        }
        Optional<String> nearby = in(PRIVATE, address);
        if (nearby.isPresent()) {
            return this == PRIVATE_TOO
                    ? Optional.empty()
                    : nearby.map(what -> what + ", which is measured on a node's word only with allow-private-targets");
        }
        return OTHER_NAMES.stream()
                .filter(network -> network.contains(address))
                .findFirst()
                .flatMap(network -> refusal(Arrays.copyOfRange(address, network.v4At, network.v4At + V4_LENGTH)));
    }

    private static Optional<String> in(List<Network> networks, byte[] address) {
        return networks.stream()
                .filter(network -> network.contains(address))
                .findFirst()
                .map(network -> network.what);
    }

    /** The JDK makes a plain IPv4 address of it when it reads it. */
    private static byte[] mappedPrefix() {
        byte[] prefix = new byte[16];
        prefix[10] = (byte) 0xff;
        prefix[11] = (byte) 0xff;
        return prefix;
    }

    private static byte[] bytes(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal + " is no address", e);
        }
    }
}
