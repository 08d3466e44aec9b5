package io.sonde.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Golden files: what a release stored, in hexadecimal, beside the tests of the format. Read for ever, never edited. */
public final class Golden {
    private Golden() {}

    /** {@code golden/NAME.hex} of the test's own resources. */
    public static byte[] bytes(Class<?> test, String name) throws IOException {
        try (InputStream file = test.getResourceAsStream("/golden/" + name + ".hex")) {
            if (file == null) {
                throw new IOException("no golden file " + name);
            }
            return HexFormat.of().parseHex(new String(file.readAllBytes(), StandardCharsets.US_ASCII).strip());
        }
    }
}
