package io.sonde.bus;

import io.sonde.core.Receipt;
import java.nio.charset.StandardCharsets;

/** What became of a replayed batch, as the consumer tells whoever replayed it. */
public sealed interface Outcome {
    /** The header of a replayed message: the subject where its outcome is awaited. */
    String HEADER = "Sonde-Outcome-To";

    record Recorded(int accepted, int duplicate, int late, int unrecordable) implements Outcome {
        @Override
        public byte[] bytes() {
            return utf8("recorded " + accepted + " " + duplicate + " " + late + " " + unrecordable);
        }
    }

    /** It failed again and is a dead letter again. */
    record DeadAgain(String detail) implements Outcome {
        @Override
        public byte[] bytes() {
            return utf8("dead " + detail);
        }
    }

    /** Nobody has said so far; it is in the stream and will be recorded. */
    record Unknown() implements Outcome {
        @Override
        public byte[] bytes() {
            return utf8("unknown");
        }
    }

    /** As it is told. */
    byte[] bytes();

    static Outcome of(Receipt receipt) {
        return new Recorded(
                receipt.accepted(),
                receipt.duplicate(),
                receipt.late(),
                receipt.unrecordable().size());
    }

    static Outcome read(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.matches("recorded( \\d{1,9}){4}")) {
            String[] parts = text.split(" ", -1);
            return new Recorded(
                    Integer.parseInt(parts[1]),
                    Integer.parseInt(parts[2]),
                    Integer.parseInt(parts[3]),
                    Integer.parseInt(parts[4]));
        }
        return text.startsWith("dead ") ? new DeadAgain(text.substring(5)) : new Unknown();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
