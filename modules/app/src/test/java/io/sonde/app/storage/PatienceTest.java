package io.sonde.app.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.app.storage.Patience.Next;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatienceTest {
    private final Patience patience = new Patience(0);

    @Test
    void aRecoveryOfAnHourIsWaitedForAndToldOfNowAndThen() {
        Map<Next, Integer> answers = new EnumMap<>(Next.class);

        for (int second = 1; second <= 3_600; second++) {
            answers.merge(patience.at(ns(second), true), 1, Integer::sum);
        }

        assertThat(answers).isEqualTo(Map.of(Next.WAIT, 3_240, Next.TELL_AND_WAIT, 360));
        assertThat(patience.seconds(ns(3_600))).isEqualTo(3_600);
    }

    @Test
    void oneThatNeverSaysItIsStartingIsGivenUpAfterAMinute() {
        assertThat(patience.at(ns(60), false)).isNotEqualTo(Next.GIVE_UP);
        assertThat(patience.at(ns(61), false)).isEqualTo(Next.GIVE_UP);
    }

    @Test
    void oneThatFallsSilentIsGivenUpAMinuteLater() {
        patience.at(ns(300), true);

        assertThat(patience.at(ns(359), false)).isNotEqualTo(Next.GIVE_UP);
        assertThat(patience.at(ns(361), false)).isEqualTo(Next.GIVE_UP);
    }

    @Test
    void whatItSaysStandsInItsPidFile(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("postmaster.pid");
        String lines = "4711\n" + folder + "\n1763632800\n5433\n\n127.0.0.1\n\n";

        Files.writeString(file, lines);
        assertThat(Cluster.running(folder)).hasValue(new Cluster.Running(4711, 5433, ""));
        Files.writeString(file, lines + "starting\n");
        assertThat(Cluster.running(folder)).get().matches(Cluster.Running::starting);
        Files.writeString(file, lines + "ready   \n");
        assertThat(Cluster.running(folder)).get().matches(Cluster.Running::ready);
    }

    private static long ns(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
