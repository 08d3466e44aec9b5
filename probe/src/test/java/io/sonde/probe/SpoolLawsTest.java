package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The queue on disk against a model of it in memory: what was appended, and how much of its head is gone. */
class SpoolLawsTest {
    private enum Act {
        APPEND,
        SETTLE,
        SETTLE_SOME,
        GIVE_BACK,
        RESTART,
        CRASH
    }

    /** @param size events to append or to ask for; also how long they are */
    private record Step(Act act, int size) {}

    /** P18 (R8.2): whatever happens, never more bytes than configured, and the oldest go first and are counted. */
    @Property(tries = 100)
    void p18TheQueueIsBoundedInOrderAndEveryEventIsAccountedFor(@ForAll("steps") List<Step> steps) throws IOException {
        in(folder -> {
            try (var run = new Run(folder)) {
                steps.forEach(run::take);
                run.finish();
            }
        });
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Act> acts = Arbitraries.frequency(
                Tuple.of(6, Act.APPEND),
                Tuple.of(4, Act.SETTLE),
                Tuple.of(2, Act.SETTLE_SOME),
                Tuple.of(2, Act.GIVE_BACK),
                Tuple.of(1, Act.RESTART),
                Tuple.of(1, Act.CRASH));
        return acts.flatMap(act -> Arbitraries.integers().between(0, 40).map(size -> new Step(act, size)))
                .list()
                .ofMaxSize(40);
    }

    private static final class Run implements AutoCloseable {
        private final Path folder;
        private final List<String> appended = new ArrayList<>();
        private Spool spool;
        /** Every event before this one was settled, or lost. */
        private int gone;

        private int settled;
        private long lost;

        Run(Path folder) throws IOException {
            this.folder = folder;
            this.spool = open();
        }

        void take(Step step) {
            try {
                switch (step.act()) {
                    case APPEND -> append(step.size());
                    case SETTLE -> settle(step.size() + 1, step.size() + 1);
                    case SETTLE_SOME -> settle(step.size() + 1, step.size() / 2 + 1);
                    case GIVE_BACK -> giveBack(step.size() + 1);
                    case RESTART -> restart();
                    case CRASH -> crash();
                }
                assertThat(occupied()).isLessThanOrEqualTo(Spool.LEAST_BYTES).isEqualTo(spool.bytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void finish() throws IOException {
            while (spool.waiting() > 0) {
                settle(7, 7);
            }
            assertThat(settled + lost).isEqualTo(appended.size());
        }

        @Override
        public void close() {
            try {
                spool.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void append(int count) throws IOException {
            List<String> events = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                events.add(appended.size() + i + "-" + "x".repeat(i % 3 == 0 ? 12_000 : 10 * count));
            }
            appended.addAll(events);
            spool.append(events);
            assertThat(events).isEmpty();
        }

        /** Now and then so much is appended meanwhile that what is under way is dropped from the disk. */
        private void settle(int most, int count) throws IOException {
            Batch batch = peek(most);
            if (batch.size() > 0) {
                append(most % 2 == 0 ? most : 0);
                Batch some = batch.first(count);
                spool.settle(some);
                settled += some.size();
                gone = appended.indexOf(batch.json().get(0)) + some.size();
            }
        }

        private void giveBack(int most) throws IOException {
            peek(most);
            append(most);
            spool.giveBack();
        }

        /** In order, without a gap but for what was dropped, and never anything again that is settled. */
        private Batch peek(int most) {
            Batch batch = spool.peek(most);
            if (batch.size() > 0) {
                int at = appended.indexOf(batch.json().get(0));
                assertThat(at).isGreaterThanOrEqualTo(gone);
                assertThat(batch.json()).isEqualTo(appended.subList(at, at + batch.size()));
                assertThat(batch.size()).isLessThanOrEqualTo(most);
            }
            return batch;
        }

        private void restart() throws IOException {
            spool.close();
            spool = open();
        }

        /** The next process sees the files as they are, without this one's having closed anything. */
        private void crash() throws IOException {
            Path copy = Files.createTempDirectory("spool-crash");
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.copy(file, copy.resolve(file.getFileName()));
                }
            }
            long waiting = spool.waiting();
            spool.close();
            replace(folder, copy);
            spool = open();
            assertThat(spool.waiting()).isEqualTo(waiting);
        }

        private Spool open() throws IOException {
            return Spool.open(folder, Spool.LEAST_BYTES, (reason, count) -> lost += count);
        }

        private long occupied() throws IOException {
            long bytes = Segments.blocks(ReadPosition.BYTES);
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    bytes += file.endsWith("position") ? 0 : Segments.blocks(Files.size(file));
                }
            }
            return bytes;
        }
    }

    private interface InFolder {
        void run(Path folder) throws IOException;
    }

    private static void in(InFolder law) throws IOException {
        Path folder = Files.createTempDirectory("spool-laws");
        try {
            law.run(folder);
        } finally {
            delete(folder);
        }
    }

    private static void replace(Path folder, Path copy) throws IOException {
        delete(folder);
        Files.move(copy, folder);
    }

    private static void delete(Path folder) throws IOException {
        Consumer<Path> delete = file -> {
            try {
                Files.delete(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).toList().forEach(delete);
        }
    }
}
