package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.Test;

class UpkeepIT {
    private static final Clock CLOCK =
            Clock.fixed(Instant.ofEpochMilli(Given.START_MS).plus(Duration.ofDays(30)), ZoneOffset.UTC);
    private static final ViewsSettings SETTINGS = ViewsSettings.of(
            ConfigFactory.parseString("sonde.views.upkeep-interval = 50 ms").withFallback(ConfigFactory.load()));

    @Test
    void whatIsDueIsRolledUpAlsoAfterADatabaseThatFailed() throws Exception {
        ReadSide readSide = new ReadSide();
        readSide.write(Given.diagnosed("https://a.example/", 0, 0, 1, 2, 3));
        readSide.execute("ALTER TABLE rollup_due RENAME TO rollup_away");
        ActorSystem<Upkeep.Command> upkeep =
                ActorSystem.create(Upkeep.create(readSide.dataSource, SETTINGS, CLOCK), "upkeep", ConfigFactory.load());
        try {
            await(readSide, "SELECT xact_rollback > 0 FROM pg_stat_database WHERE datname = current_database()", "t");
            readSide.execute("ALTER TABLE rollup_away RENAME TO rollup_due");

            await(readSide, "SELECT count(*) FROM window_1d", "1");

            assertThat(readSide.rows("SELECT count(*) FROM rollup_due")).containsExactly("0");
        } finally {
            upkeep.terminate();
            upkeep.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    private static void await(ReadSide readSide, String question, String answer) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!readSide.rows(question).equals(List.of(answer))) {
            assertThat(System.nanoTime()).as(question).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
