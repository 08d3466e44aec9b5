package io.sonde.query;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Where the next page begins, as an opaque text. It tells nothing that its holder may not know and gives no rights; its
 * checksum only tells a cut or mistyped one from a good one.
 *
 * @param of the list it belongs to
 */
public record Cursor(String of, List<String> parts) {
    private static final int VERSION = 1;
    /** Beyond all times that anybody asks for. */
    static final long LARGEST = 1L << 47;

    private static final char SEPARATOR = '\0';

    public Cursor {
        parts = List.copyOf(parts);
    }

    public String text() {
        List<String> all = new ArrayList<>(parts);
        all.add(0, of);
        byte[] content = String.join(String.valueOf(SEPARATOR), all).getBytes(StandardCharsets.UTF_8);
        byte[] bytes = ByteBuffer.allocate(content.length + 5)
                .put((byte) VERSION)
                .putInt(checksum(content))
                .put(content)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Empty for what {@link #text()} did not write of such a list. */
    static Optional<Cursor> parse(String text, String of, int parts) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (bytes.remaining() < 5 || bytes.get() != VERSION) {
                return Optional.empty();
            }
            int checksum = bytes.getInt();
            byte[] content = new byte[bytes.remaining()];
            bytes.get(content);
            String[] all = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString()
                    .split(String.valueOf(SEPARATOR), -1);
            return checksum == checksum(content) && all.length == parts + 1 && all[0].equals(of)
                    ? Optional.of(new Cursor(of, List.of(all).subList(1, all.length)))
                    : Optional.empty();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    public String part(int i) {
        return parts.get(i);
    }

    /** @throws IllegalArgumentException for what is neither a time nor a number of a series */
    long number(int i) {
        long number = Long.parseLong(parts.get(i));
        if (number < 0 || number > LARGEST) {
            throw new IllegalArgumentException("not in a cursor: " + number);
        }
        return number;
    }

    /** The same, of what came from outside: answered 400. */
    public long valid(int i) {
        try {
            return number(i);
        } catch (IllegalArgumentException e) {
            throw Parameters.invalid("cursor", text(), "a next as it was answered");
        }
    }

    private static int checksum(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return (int) crc.getValue();
    }
}
