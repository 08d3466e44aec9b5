package io.sonde.probe;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of the queue, locked for one process. What cannot be read is put aside in it, for people to look at. */
final class SpoolFolder implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolFolder.class);
    private static final String ASIDE = ".aside";

    private final Path path;
    private final FileChannel lock;
    private final Deque<Path> aside = new ArrayDeque<>();

    private SpoolFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** @throws IOException saying what to do, when it cannot be made or another probe has it */
    static SpoolFolder open(Path path) throws IOException {
        try {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            var lock = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (locked(lock) == null) {
                lock.close();
                throw new IOException("another probe uses it; stop that one, or give this one a --home of its own");
            }
            var folder = new SpoolFolder(path, lock);
            folder.aside.addAll(folder.list(ASIDE));
            return folder;
        } catch (IOException e) {
            throw new IOException(
                    "cannot keep events in " + path + " (" + e.getMessage()
                            + "); the folder must be writable and this probe's alone; --home names another",
                    e);
        }
    }

    Path path() {
        return path;
    }

    /** Oldest first, of any version. */
    List<Segment> segments() throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (Path file : list(Segment.SUFFIX)) {
            if (Segment.isName(file.getFileName().toString())) {
                segments.add(Segment.existing(file));
            }
        }
        return segments;
    }

    /** For one that cannot be a segment of this version. */
    void putAside(Segment segment) throws IOException {
        putAside(segment, strangeness(segment));
    }

    void putAside(Segment segment, String why) {
        Path name = path.resolve(segment.file().getFileName() + ASIDE);
        try {
            if (segment.size() == 0) {
                segment.delete();
                return;
            }
            segment.close();
            Files.move(segment.file(), name, StandardCopyOption.REPLACE_EXISTING);
            aside.add(name);
            LOG.warn("a file of the event queue {}; its {} bytes are put aside as {}", why, segment.size(), name);
        } catch (IOException e) {
            LOG.warn("{} {}, and cannot be put aside ({}); its events are left out", segment.file(), why, e.toString());
        }
    }

    /** Bytes of what was put aside. */
    long asideBytes() throws IOException {
        long bytes = 0;
        for (Path file : aside) {
            bytes += Segments.blocks(Files.exists(file) ? Files.size(file) : 0);
        }
        return bytes;
    }

    /** @return false when nothing is there to be forgotten */
    boolean forgetAside() throws IOException {
        Path oldest = aside.pollFirst();
        return oldest != null && (Files.deleteIfExists(oldest) || forgetAside());
    }

    /** Makes new and removed files durable. */
    void force() throws IOException {
        try (FileChannel directory = FileChannel.open(path, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private static String strangeness(Segment segment) throws IOException {
        int version = segment.version();
        return version == 0
                ? "has no readable beginning"
                : "is of version " + version + ", which this probe does not know (it knows " + SpoolFormat.VERSION
                        + ")";
    }

    private List<Path> list(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    private static @Nullable FileLock locked(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException here) {
            return null;
        }
    }
}
