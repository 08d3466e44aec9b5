package io.sonde.core;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Reads what {@link Packer} wrote. Every method throws {@link UnreadableFormat} on bytes that it did not write. */
public final class Unpacker {
    private final byte[] bytes;
    private int at;

    public Unpacker(byte[] bytes) {
        this.bytes = bytes;
    }

    public boolean hasMore() {
        return at < bytes.length;
    }

    public int u8() {
        need(1);
        return bytes[at++] & 0xff;
    }

    public long count() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = u8();
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw new UnreadableFormat("a number of more than 64 bits before byte " + at);
    }

    /** A count that is an {@code int}. */
    public int small() {
        long value = count();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new UnreadableFormat("a count of " + value + " before byte " + at);
        }
        return (int) value;
    }

    /** The number of things that follow, each of at least {@code bytesEach}: never more than there are bytes left. */
    public int size(int bytesEach) {
        long size = count();
        if (size < 0 || size > (bytes.length - at) / bytesEach) {
            throw new UnreadableFormat(size + " things announced before byte " + at + " of " + bytes.length);
        }
        return (int) size;
    }

    public long signed() {
        long value = count();
        return (value >>> 1) ^ -(value & 1);
    }

    public long raw() {
        need(8);
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | (bytes[at++] & 0xff);
        }
        return value;
    }

    public double number() {
        long code = count();
        if (Packer.isAbsent(code)) {
            return Double.NaN;
        }
        return Packer.isRaw(code) ? Double.longBitsToDouble(raw()) : Packer.scaled(code);
    }

    public String text() {
        int length = size(1);
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    public byte[] blob() {
        int length = size(1);
        byte[] blob = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return blob;
    }

    public Map<String, String> texts() {
        int size = size(2);
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < size; i++) {
            map.put(text(), text());
        }
        return map;
    }

    public Map<String, Long> counts() {
        int size = size(2);
        Map<String, Long> map = new HashMap<>();
        for (int i = 0; i < size; i++) {
            map.put(text(), count());
        }
        return map;
    }

    /** Checks the first byte of a format against the versions its reader knows. */
    public int version(String format, int newest) {
        int version = u8();
        if (version < 1 || version > newest) {
            throw new UnreadableFormat(format + " version " + version + ": this release reads 1 to " + newest);
        }
        return version;
    }

    private void need(int more) {
        if (bytes.length - at < more) {
            throw new UnreadableFormat("ends after " + bytes.length + " bytes, in the middle of a value");
        }
    }
}
