package io.sonde.probe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/** The name this probe goes by for ever: one line in a file that only its owner can read. */
record ClientIdFile(Path file) {
    private static final int LENGTH_LIMIT = 255;

    static ClientIdFile in(Path home) {
        return new ClientIdFile(home.resolve("client-id"));
    }

    /**
     * Makes folder and file at the first start.
     *
     * @throws IOException saying what to do, when neither can be made or the file holds no id
     */
    String read() throws IOException {
        if (!Files.exists(file)) {
            make();
        }
        String id = Files.readString(file, StandardCharsets.UTF_8).strip();
        if (id.isEmpty() || id.length() > LENGTH_LIMIT || id.chars().anyMatch(Character::isISOControl)) {
            throw new IOException(file + " must hold one line of 1 to " + LENGTH_LIMIT
                    + " characters, the client id; delete it to get a new one");
        }
        return id;
    }

    private void make() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        try {
            Files.createDirectories(folder);
            Path whole = Files.createTempFile(
                    folder,
                    "client-id",
                    ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(whole, "probe-" + UUID.randomUUID() + "\n");
            try {
                Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException another) {
                Files.delete(whole);
            }
        } catch (IOException e) {
            throw new IOException(
                    "cannot keep the client id in " + folder + " (" + e
                            + "); make the folder writable or name another with --home",
                    e);
        }
    }
}
