package io.sonde.core;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Writes the stored formats: unsigned variable-length integers, UTF-8 text, and numbers as short as they are exact. */
public final class Packer {
    private static final double SCALE = 1_000;
    private static final double LARGEST_SCALED = 1L << 50;
    private static final int ABSENT = 0;
    private static final int RAW = 1;
    private static final int SCALED_FROM = 2;

    private byte[] bytes;
    private int size;

    public Packer(int expectedSize) {
        bytes = new byte[Math.max(expectedSize, 16)];
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    public Packer u8(int value) {
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    /** Small non-negative numbers are short: seven bits a byte, low bits first. */
    public Packer count(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    /** Numbers near zero of either sign are short. */
    public Packer signed(long value) {
        return count((value << 1) ^ (value >> 63));
    }

    public Packer raw(long value) {
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
        return this;
    }

    /** {@code NaN} and thousandths take as few bytes as they need, everything else nine; all come back as they were. */
    public Packer number(double value) {
        if (Double.isNaN(value)) {
            return count(ABSENT);
        }
        double scaled = Math.rint(value * SCALE);
        if (scaled >= 0 && scaled <= LARGEST_SCALED && sameBits(scaled / SCALE, value)) {
            return count((long) scaled + SCALED_FROM);
        }
        return count(RAW).raw(Double.doubleToRawLongBits(value));
    }

    static double scaled(long code) {
        return (code - SCALED_FROM) / SCALE;
    }

    static boolean isAbsent(long code) {
        return code == ABSENT;
    }

    static boolean isRaw(long code) {
        return code == RAW;
    }

    public Packer text(String value) {
        return blob(value.getBytes(StandardCharsets.UTF_8));
    }

    public Packer blob(byte[] value) {
        count(value.length);
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    /** Sorted by key, so that equal maps are equal bytes. */
    public Packer texts(Map<String, String> map) {
        count(map.size());
        new TreeMap<>(map).forEach((key, value) -> text(key).text(value));
        return this;
    }

    /** Sorted by key, so that equal maps are equal bytes. */
    public Packer counts(Map<String, Long> map) {
        count(map.size());
        new TreeMap<>(map).forEach((key, value) -> text(key).count(value));
        return this;
    }

    private static boolean sameBits(double a, double b) {
        return Double.doubleToRawLongBits(a) == Double.doubleToRawLongBits(b);
    }

    private void room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
