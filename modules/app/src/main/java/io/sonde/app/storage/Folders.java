package io.sonde.app.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Folders that are there whole or not at all, whatever is killed when. */
final class Folders {
    private static final int ATTEMPTS = 40;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private Folders() {}

    /** Removes what an interrupted attempt left beside the folder. */
    static void clearUnfinished(Path whole) throws IOException {
        String prefix = unfinishedPrefix(whole);
        List<Path> left;
        try (Stream<Path> siblings = Files.list(whole.resolveSibling(""))) {
            left = siblings.filter(path -> path.getFileName().toString().startsWith(prefix))
                    .toList();
        }
        for (Path path : left) {
            delete(path);
        }
    }

    static Path newUnfinished(Path whole) throws IOException {
        return Files.createTempDirectory(whole.resolveSibling(""), unfinishedPrefix(whole));
    }

    /** Syncs the folder's entry, renames it to its final name, and syncs that. */
    static void finish(Path unfinished, Path whole) throws IOException {
        sync(unfinished);
        Files.move(unfinished, whole, StandardCopyOption.ATOMIC_MOVE);
        sync(whole.resolveSibling(""));
    }

    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Again when something is written meanwhile: a killed initdb may be about to end. What stays, the next start finds. */
    private static void delete(Path folder) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS && Files.exists(folder); attempt++) {
            deleteOnce(folder);
            LockSupport.parkNanos(attempt * PAUSE_NS);
        }
    }

    private static void deleteOnce(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException vanished) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                try {
                    Files.deleteIfExists(directory);
                } catch (DirectoryNotEmptyException grown) {
                    return FileVisitResult.CONTINUE;
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static String unfinishedPrefix(Path whole) {
        return whole.getFileName() + ".tmp";
    }
}
