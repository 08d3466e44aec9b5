package io.sonde.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A new folder for one deployment, on the disk that is measured; gone when it is closed. What is ended by a signal leaves it. */
record Folder(Path path) implements AutoCloseable {
    static Folder under(Path parent) throws IOException {
        Files.createDirectories(parent);
        Folder folder = new Folder(Files.createTempDirectory(parent.toAbsolutePath(), "bench-"));
        return folder;
    }

    @Override
    public void close() {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + path, e);
        }
    }
}
