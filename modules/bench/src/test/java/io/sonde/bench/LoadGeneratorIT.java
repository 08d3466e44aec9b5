package io.sonde.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class LoadGeneratorIT {
    private final StringWriter out = new StringWriter();

    @Test
    void aNodeThatCountsRightIsRight() throws Exception {
        try (CountingNode node = new CountingNode(0, 0)) {
            assertThat(load(node)).isZero();
        }

        assertThat(out.toString()).contains("right: ", "events/s acknowledged", "generator");
    }

    @Test
    void oneEventCountedTwiceIsAFailure() throws Exception {
        try (CountingNode node = new CountingNode(1, 0)) {
            assertThat(load(node)).isEqualTo(1);
        }

        assertThat(out.toString()).contains("WRONG").containsPattern("bench-\\w+-\\d http");
    }

    @Test
    void anAnswerThatDoesNotFitIsAFailure() throws Exception {
        try (CountingNode node = new CountingNode(0, 1)) {
            assertThat(load(node)).isEqualTo(1);
        }

        assertThat(out.toString()).contains("WRONG", "1 answers do not fit");
    }

    @Test
    void aNodeThatIsNotThereIsAFailure() throws Exception {
        CountingNode gone = new CountingNode(0, 0);
        gone.close();

        assertThat(load(gone)).isEqualTo(1);
    }

    private int load(CountingNode node) {
        return new CommandLine(new LoadGenerator())
                .setOut(new PrintWriter(out))
                .execute(
                        "--url=" + node.url(),
                        "--token=any",
                        "--clients=4",
                        "--targets=3",
                        "--connections=2",
                        "--duplicates=20",
                        "--errors=10",
                        "--warmup=0",
                        "--runs=2",
                        "--seconds=1",
                        "--patience=0");
    }
}
