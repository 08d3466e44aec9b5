package io.sonde.app.storage;

import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** PostgreSQL's own folder ("database cluster" in its manual): made whole, checked, freed of a former postmaster. */
record Cluster(DataFolder data, PostgresPrograms programs, RunAs runAs) {
    static final String SUPERUSER = "sonde";

    /** Ready to be started: initialised, of our major version, and without a postmaster. */
    static Cluster prepare(DataFolder data) {
        refuseOtherMajor(data.database());
        PostgresPrograms programs = PostgresPrograms.unpackedIn(data.postgres());
        Cluster cluster = new Cluster(data, programs, RunAs.ownerOf(data.postgres()));
        try {
            cluster.endFormerPostmaster();
            if (!Files.exists(cluster.folder())) {
                cluster.initialise();
            }
        } catch (IOException e) {
            throw new Problem(ExitCode.DENIED, "cannot prepare " + cluster.folder() + ": " + e, e);
        }
        return cluster;
    }

    /** The first lines of {@code postmaster.pid}; see PostgreSQL's {@code miscadmin.h}. */
    record Running(long pid, int port, String status) {
        boolean ready() {
            return status.equals("ready");
        }

        /** Also all the time that it recovers. */
        boolean starting() {
            return status.equals("starting");
        }
    }

    Path folder() {
        return data.database();
    }

    String password() {
        return data.databasePassword()
                .read()
                .orElseThrow(() -> new Problem(
                        ExitCode.NOT_FOUND,
                        data.databasePassword().path() + " is missing, and without it " + folder()
                                + " cannot be opened; put it back from a backup"));
    }

    /** Empty when no postmaster of this folder has said where it is. */
    static Optional<Running> running(Path folder) {
        try {
            List<String> lines = Files.readAllLines(folder.resolve("postmaster.pid"));
            long pid = Long.parseLong(lines.get(0).strip());
            String status = lines.size() > 7 ? lines.get(7).strip() : "";
            return Optional.of(new Running(pid, Integer.parseInt(lines.get(3).strip()), status));
        } catch (NoSuchFileException | IndexOutOfBoundsException | NumberFormatException notYet) {
            return Optional.empty();
        } catch (IOException e) {
            throw DataFolder.denied(folder, e);
        }
    }

    /** SIGINT to a postmaster is a fast shutdown: clients are cut, the state is checkpointed; SIGQUIT skips that. */
    void signal(String name, long pid) {
        try {
            runAs.command(List.of(programs.program("pg_ctl").toString(), "kill", name, Long.toString(pid)))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new Problem(ExitCode.FAILED, "cannot run pg_ctl: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void refuseOtherMajor(Path folder) {
        String bundled = PostgresPrograms.bundledMajor();
        String found = Files.exists(folder) ? majorOf(folder) : bundled;
        if (!found.equals(bundled)) {
            throw new Problem(
                    ExitCode.SCHEMA,
                    folder + " was written by PostgreSQL " + found + " and this sonde brings PostgreSQL " + bundled
                            + "; nothing was touched: use the sonde that wrote it, or another folder with --data DIR");
        }
    }

    private static String majorOf(Path folder) {
        try {
            return Files.readString(folder.resolve("PG_VERSION")).strip();
        } catch (IOException e) {
            throw DataFolder.denied(folder, e);
        }
    }

    /** We hold the folder's lock, so a postmaster that is still there has outlived a killed sonde. */
    private void endFormerPostmaster() throws IOException {
        Optional<ProcessHandle> former =
                running(folder()).map(Running::pid).flatMap(ProcessHandle::of).filter(this::isOurs);
        if (former.isPresent()) {
            Postmaster.end(this, former.get());
        }
        Files.deleteIfExists(folder().resolve("postmaster.pid"));
    }

    private boolean isOurs(ProcessHandle process) {
        Path workingFolder = Path.of("/proc", Long.toString(process.pid()), "cwd");
        try {
            return Files.isSameFile(workingFolder, folder());
        } catch (IOException noProcFolder) {
            return process.info().commandLine().orElse("").contains(folder().toString());
        }
    }

    private void initialise() throws IOException {
        Folders.clearUnfinished(folder());
        if (data.databasePassword().read().isEmpty()) {
            byte[] secret = new byte[32];
            new SecureRandom().nextBytes(secret);
            data.databasePassword().write(HexFormat.of().formatHex(secret));
            sameOwner(data.databasePassword().path());
        }
        Path unfinished = Folders.newUnfinished(folder());
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwx------"));
        sameOwner(unfinished);
        initdb(unfinished);
        Folders.finish(unfinished, folder());
    }

    private void sameOwner(Path path) throws IOException {
        Files.setOwner(path, Files.getOwner(data.postgres()));
    }

    private void initdb(Path into) throws IOException {
        Process initdb = runAs.command(List.of(
                        programs.program("initdb").toString(),
                        "--pgdata=" + into,
                        "--username=" + SUPERUSER,
                        "--pwfile=" + data.databasePassword().path(),
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8"))
                .directory(data.postgres().toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(initdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (initdb.waitFor() != 0) {
                throw new Problem(
                        ExitCode.FAILED, "initdb failed: " + said.strip().replace('\n', ' '));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(ExitCode.FAILED, "interrupted while initialising " + folder(), e);
        }
    }
}
