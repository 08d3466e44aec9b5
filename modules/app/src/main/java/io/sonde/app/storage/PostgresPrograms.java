package io.sonde.app.storage;

import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Properties;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * PostgreSQL's programs ({@code initdb}, {@code pg_ctl}, {@code postgres}), unpacked once from the archive on the class
 * path.
 */
record PostgresPrograms(Path folder) {
    static PostgresPrograms unpackedIn(Path parent) {
        Path folder = parent.resolve("bin-" + bundledVersion());
        if (!Files.exists(folder)) {
            unpack(folder);
        }
        return new PostgresPrograms(folder);
    }

    Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    /** The part of the version that must match a data folder's: {@code 18}. */
    static String bundledMajor() {
        String version = bundledVersion();
        return version.substring(0, version.indexOf('.'));
    }

    private static void unpack(Path folder) {
        try (InputStream archive = archive()) {
            Folders.clearUnfinished(folder);
            Path unfinished = Folders.newUnfinished(folder);
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
            try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(archive))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    write(tar, entry, unfinished);
                }
            }
            Folders.finish(unfinished, folder);
        } catch (IOException e) {
            throw new Problem(ExitCode.DENIED, "cannot unpack PostgreSQL into " + folder + ": " + e, e);
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path root) throws IOException {
        Path path = root.resolve(entry.getName()).normalize();
        if (!path.startsWith(root)) {
            throw new IOException("the archive holds " + entry.getName() + ", which lies outside of it");
        }
        Files.createDirectories(entry.isDirectory() ? path : path.resolveSibling(""));
        if (entry.isDirectory()) {
            return;
        }
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (!entry.getName().endsWith(".a")) {
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                tar.transferTo(Channels.newOutputStream(file));
                file.force(true);
            }
            boolean runs = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(runs ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    private static InputStream archive() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String architecture = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        boolean arm = architecture.equals("aarch64") || architecture.equals("arm64");
        String name = "/postgres-" + (system.startsWith("mac") ? "darwin" : "linux") + "-" + (arm ? "arm_64" : "x86_64")
                + ".txz";
        InputStream archive = PostgresPrograms.class.getResourceAsStream(name);
        if (archive == null || system.startsWith("windows") || Files.exists(Path.of("/etc/alpine-release"))) {
            throw new Problem(
                    ExitCode.USAGE,
                    "there is no bundled PostgreSQL for this system (" + system + ", " + architecture
                            + "); run your own PostgreSQL and: sonde node --config FILE");
        }
        return archive;
    }

    private static String bundledVersion() {
        Properties properties = new Properties();
        try (InputStream in = PostgresPrograms.class.getResourceAsStream("postgres.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new Problem(ExitCode.FAILED, "this build of sonde lacks postgres.properties", e);
        }
        return properties.getProperty("version");
    }
}
