package io.sonde.app.doctor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The disk under a folder: room, whether it keeps what it is given, and how long that takes. */
final class DiskCheck {
    private static final long MIB = 1 << 20;
    private static final long TOO_LITTLE = 512 * MIB;
    private static final long LITTLE = 4_096 * MIB;
    private static final int SYNCS = 15;
    private static final long SLOW_MS = 50;
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");

    private DiskCheck() {}

    /** @param folder that is there, and may be written to */
    static List<Finding> findings(Path folder) {
        List<Finding> findings = new ArrayList<>();
        try {
            FileStore store = Files.getFileStore(folder);
            findings.add(room(folder, store.getUsableSpace()));
            findings.add(kind(folder, store.type()));
        } catch (IOException e) {
            findings.add(Finding.error("disk.space", folder + ": " + e.getMessage(), "df -h '" + folder + "'"));
        }
        findings.add(sync(folder));
        return findings;
    }

    static Finding room(Path folder, long bytes) {
        String found = bytes / MIB + " MiB free at " + folder;
        String repair = "make room, or choose another folder with --data DIR: df -h '" + folder + "'";
        if (bytes < TOO_LITTLE) {
            return Finding.error("disk.space", found, repair);
        }
        return bytes < LITTLE ? Finding.warning("disk.space", found, repair) : Finding.ok("disk.space", found);
    }

    static Finding kind(Path folder, String type) {
        return IN_MEMORY.contains(type)
                ? Finding.error(
                        "disk.kind",
                        folder + " is in memory (" + type + "): all is lost when the machine ends",
                        "choose a folder on a disk with --data DIR")
                : Finding.ok("disk.kind", type);
    }

    /** The same thing that PostgreSQL does with each commit. */
    private static Finding sync(Path folder) {
        Path file = folder.resolve("doctor.tmp");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            long[] tookNs = new long[SYNCS];
            for (int i = 0; i < SYNCS; i++) {
                long begin = System.nanoTime();
                channel.write(ByteBuffer.allocate(8_192));
                channel.force(true);
                tookNs[i] = System.nanoTime() - begin;
            }
            Arrays.sort(tookNs);
            return sync(TimeUnit.NANOSECONDS.toMicros(tookNs[SYNCS / 2]));
        } catch (IOException e) {
            return Finding.error(
                    "disk.fsync",
                    "a file in " + folder + " cannot be written and synced: " + e,
                    "make the folder writable for user " + System.getProperty("user.name")
                            + ", or choose another with --data DIR");
        }
    }

    /** @param medianMicros of writing 8 KiB and syncing it */
    static Finding sync(long medianMicros) {
        String found = "8 KiB are on disk in " + medianMicros / 1_000.0 + " ms (median of " + SYNCS + ")";
        return medianMicros > SLOW_MS * 1_000
                ? Finding.warning(
                        "disk.fsync",
                        found,
                        "put the folder on a faster disk: each commit waits so long, however many events it has")
                : Finding.ok("disk.fsync", found);
    }
}
