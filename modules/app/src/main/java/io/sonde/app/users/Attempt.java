package io.sonde.app.users;

import io.sonde.app.tokens.Sha256;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Somebody tries to sign in: of which name and from which address, each as what is stored of it. */
record Attempt(Of name, Of address) {
    /** Who has one address of IPv6 has 2^64 of them. */
    private static final int NETWORK_BYTES = 8;

    /** @param key SHA-256 of what was typed, in hex */
    record Of(String key, LockOut rule) implements Comparable<Of> {
        @Override
        public int compareTo(Of other) {
            return key.compareTo(other.key);
        }
    }

    static Attempt of(String name, InetAddress address) {
        byte[] bytes = address.getAddress();
        byte[] network = address instanceof Inet6Address ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes;
        return new Attempt(ofName(name), new Of(key("address:" + HexFormat.of().formatHex(network)), LockOut.ADDRESS));
    }

    static Of ofName(String name) {
        return new Of(key("name:" + name), LockOut.NAME);
    }

    /** Always in the same order, so that two attempts do not wait for each other. */
    List<Of> sorted() {
        return List.of(name, address).stream().sorted().toList();
    }

    private static String key(String text) {
        return HexFormat.of().formatHex(Sha256.of(text));
    }
}
