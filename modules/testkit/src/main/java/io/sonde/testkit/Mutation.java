package io.sonde.testkit;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** What becomes of right bytes on a bad disk or in bad hands: bits turned, numbers made extreme, parts cut, moved, repeated. */
public final class Mutation {
    private static final int[] EXTREMES = {0x00, 0x01, 0x7f, 0x80, 0xff, '"', '{', '[', '\\', '\n', '-', 'e'};

    private Mutation() {}

    /** {@code right} itself is left as it is. */
    public static byte[] of(byte[] right, RandomGenerator random) {
        byte[] bytes = right.clone();
        for (int times = 1 + random.nextInt(4); times > 0; times--) {
            bytes = once(bytes, random);
        }
        return bytes;
    }

    private static byte[] once(byte[] bytes, RandomGenerator random) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(7)) {
            case 0 -> with(bytes, at, bytes[at] ^ 1 << random.nextInt(8));
            case 1 -> with(bytes, at, EXTREMES[random.nextInt(EXTREMES.length)]);
            case 2 -> with(bytes, at, random.nextInt());
            case 3 -> Arrays.copyOf(bytes, at);
            case 4 -> spliced(bytes, at, extremeNumber(random));
            case 5 -> spliced(bytes, at, Arrays.copyOfRange(bytes, random.nextInt(at + 1), bytes.length));
            default -> spliced(Arrays.copyOf(bytes, at), at, Arrays.copyOfRange(bytes, at + 1, bytes.length));
        };
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        bytes[at] = (byte) value;
        return bytes;
    }

    /** As the stored formats write numbers: up to ten bytes of seven bits. */
    private static byte[] extremeNumber(RandomGenerator random) {
        byte[] number = new byte[1 + random.nextInt(10)];
        Arrays.fill(number, (byte) (0x80 | random.nextInt()));
        number[number.length - 1] &= 0x7f;
        return number;
    }

    /** {@code part} put in at {@code at}, before what is there; never much more than was there. */
    private static byte[] spliced(byte[] bytes, int at, byte[] part) {
        int length = Math.min(part.length, 4_096);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
        System.arraycopy(part, 0, longer, at, length);
        System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
        return longer;
    }
}
