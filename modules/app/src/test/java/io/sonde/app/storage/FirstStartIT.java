package io.sonde.app.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Killed while the folder is being made, at each step, the next start makes it whole. */
class FirstStartIT {
    /** PostgreSQL's programs, unpacked once. */
    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lock",
                "postgres/bin-*.tmp*/bin/postgres",
                "postgres/password",
                "postgres/db.tmp*/postgresql.conf",
                "postgres/db.tmp*/global/pg_control",
                "postgres/db/PG_VERSION",
                "postgres/db/postmaster.pid"
            })
    void aStartKilledWhenAFileAppearsIsMadeUpForByTheNext(String file) throws Exception {
        if (!file.contains("bin")) {
            useSharedPrograms();
        }
        Process jvm = PostgresProcess.launch(folder);
        PathMatcher wanted = FileSystems.getDefault().getPathMatcher("glob:" + folder + "/" + file);

        while (jvm.isAlive() && !appeared(wanted)) {
            Thread.onSpinWait();
        }
        jvm.destroyForcibly().waitFor();

        startsAndLeavesNothingUnfinished(folder);
    }

    @Test
    void anInitdbThatEndedHalfWayIsThrownAway() throws IOException {
        useSharedPrograms();
        Path unfinished = Files.createDirectories(folder.resolve("postgres/db.tmp123"));
        Files.writeString(unfinished.resolve("postgresql.conf"), "# no pg_control beside it\n");

        startsAndLeavesNothingUnfinished(folder);
    }

    /** As root the folder of another user is used as that user; as anybody else it is simply one's own. */
    @Test
    void aFolderOfAnotherUserIsUsedAsThatUserWhenWeAreRoot() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        Path postgres = Files.createDirectory(folder.resolve("postgres"));
        if (System.getProperty("user.name").equals("root")) {
            Files.setAttribute(postgres, "unix:uid", 65534);
            Files.setAttribute(postgres, "unix:gid", 65534);
        }
        Object owner = Files.getAttribute(postgres, "unix:uid");

        startsAndLeavesNothingUnfinished(folder);

        assertThat(Files.getAttribute(postgres.resolve("db/PG_VERSION"), "unix:uid"))
                .isEqualTo(owner);
    }

    private void useSharedPrograms() throws IOException {
        Path programs = PostgresPrograms.unpackedIn(shared).folder();
        Files.createDirectories(folder.resolve("postgres"));
        Files.createSymbolicLink(folder.resolve("postgres").resolve(programs.getFileName()), programs);
    }

    private static void startsAndLeavesNothingUnfinished(Path folder) throws IOException {
        DataFolder data = DataFolder.open(folder);
        try (LocalPostgres postgres = LocalPostgres.start(data)) {
            assertThat(new Migrations(postgres.address()).migrate()).isPositive();
        }
        try (Stream<Path> files = Files.list(data.postgres())) {
            assertThat(files.filter(path -> path.toString().contains(".tmp"))).isEmpty();
        }
    }

    private boolean appeared(PathMatcher wanted) {
        try (Stream<Path> files = Files.walk(folder, 5)) {
            return files.anyMatch(wanted::matches);
        } catch (IOException | UncheckedIOException vanishedMeanwhile) {
            return false;
        }
    }
}
