package io.sonde.app.storage;

import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder that keeps everything of {@code sonde up} across restarts.
 *
 * <pre>
 * lock          held by the process that runs on the folder
 * token         the admin token, 0600
 * password      the first administrator's, as it was made, 0600
 * log/          postgres.log, probe.log
 * probe/        the probe's own files
 * postgres/     password (0600), db/ (the cluster), bin-18.4.0/ (its programs)
 * </pre>
 */
public final class DataFolder {
    private final Path path;

    private DataFolder(Path path) {
        this.path = path;
    }

    /** One process holds it at a time; the operating system lets go of it when that process ends, however it ends. */
    public static final class Lock implements AutoCloseable {
        private final FileChannel channel;

        private Lock(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The folder, made when it is not there. */
    public static DataFolder open(Path folder) {
        Path path = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path);
            Files.createDirectories(path.resolve("log"));
            Files.createDirectories(path.resolve("probe"));
            Files.createDirectories(path.resolve("postgres"));
        } catch (FileAlreadyExistsException e) {
            throw new Problem(ExitCode.USAGE, e.getFile() + " is a file; choose a folder with --data DIR", e);
        } catch (IOException e) {
            throw denied(path, e);
        }
        return new DataFolder(path);
    }

    public Path path() {
        return path;
    }

    public Path log(String name) {
        return path.resolve("log").resolve(name + ".log");
    }

    public Path probe() {
        return path.resolve("probe");
    }

    /** The test target's certificates. */
    public Path target() {
        return path.resolve("target");
    }

    public SecretFile token() {
        return new SecretFile(path.resolve("token"));
    }

    public SecretFile password() {
        return new SecretFile(path.resolve("password"));
    }

    Path postgres() {
        return path.resolve("postgres");
    }

    Path database() {
        return postgres().resolve("db");
    }

    SecretFile databasePassword() {
        return new SecretFile(postgres().resolve("password"));
    }

    /** Refused in one line while another process runs on the folder. */
    public Lock lock() {
        return tryLock()
                .orElseThrow(() -> new Problem(
                        ExitCode.IN_USE,
                        "another sonde runs on " + path + "; stop it first, or choose another folder with --data DIR"));
    }

    /** Empty while another process runs on the folder. */
    public Optional<Lock> tryLock() {
        try {
            FileChannel channel =
                    FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            Optional<FileLock> held = tryLock(channel);
            if (held.isEmpty()) {
                channel.close();
            }
            return held.map(lock -> new Lock(channel));
        } catch (IOException e) {
            throw denied(path, e);
        }
    }

    private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        }
    }

    static Problem denied(Path path, IOException cause) {
        Path there = nearestThatExists(path);
        return new Problem(
                ExitCode.DENIED,
                "cannot write to " + path + " as user " + System.getProperty("user.name") + " (" + ownership(there)
                        + "); choose another folder with --data DIR, or: chown -R "
                        + System.getProperty("user.name") + " '" + there + "'",
                cause);
    }

    private static Path nearestThatExists(Path path) {
        return Stream.iterate(path, candidate -> candidate != null, Path::getParent)
                .filter(Files::exists)
                .findFirst()
                .orElse(path);
    }

    private static String ownership(Path path) {
        try {
            return path + " belongs to " + Files.getOwner(path).getName() + ", mode "
                    + PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            return path + " cannot be looked at";
        }
    }
}
