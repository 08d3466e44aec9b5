package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL's disk is full for a while. */
class DiskFullIT {
    private static final int MEGABYTES = 256;
    private static final Duration FULL_FOR = Extent.seconds(6, 60);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    @Test
    void p21AFullDiskIsSaidCorruptsNothingAndIsForgottenOnceThereIsRoom() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), MEGABYTES);
                OwnPostgres postgres = OwnPostgres.start(disk.folder().resolve("postgres"));
                Nodes nodes = Nodes.onDirectBus(folder, postgres.database(), 1);
                Proof proof = Proof.start(postgres.database(), nodes.urls())) {
            proof.awaitTaken(40);
            disk.fill();
            await("the node says why it takes nothing")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> nodes.get(0).log().contains("No space left on device")
                            && proof.load().answers().containsKey("503"));
            TimeUnit.MILLISECONDS.sleep(FULL_FOR.toMillis());
            disk.free();
            if (!postgres.isAlive()) {
                postgres.restart(); // as whoever watches it would: without room for its log it may end itself
            }
            proof.awaitRecovered();

            proof.finish("09 disk of PostgreSQL full for " + FULL_FOR.toSeconds() + " s, direct bus");
            proof.assertConserved();
            assertThat(nodes.get(0).isAlive()).isTrue();
        }
    }
}
