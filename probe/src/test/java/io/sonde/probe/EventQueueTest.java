package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder in the place of the queue's first file is a disk that takes nothing. */
class EventQueueTest {
    @TempDir
    Path folder;

    private final AgentCounters counters = new AgentCounters();
    private EventQueue queue;
    private Path obstacle;

    @BeforeEach
    void open() throws IOException {
        queue = new EventQueue(Spool.open(folder, Spool.LEAST_BYTES, counters::dropped), counters);
        obstacle = folder.resolve("0000000000000000.events");
    }

    @Test
    void whileTheDiskTakesNothingEventsAreSentFromMemory() throws IOException {
        Files.createDirectory(obstacle);

        queue.hold(List.of("1", "2", "3"));

        assertThat(queue.next(2)).containsExactly("1", "2");
        queue.settle(2);
        assertThat(queue.next(2)).containsExactly("3");
        queue.giveBack();
        assertThat(queue.next(2)).containsExactly("3");
        assertThat(queue.waiting()).isEqualTo(1);
        assertThat(counters.count("write_failed")).isPositive();
    }

    @Test
    void memoryIsBoundedAndTheOldestGoButNeverWhatIsUnderWay() throws IOException {
        Files.createDirectory(obstacle);
        queue.hold(List.of("first"));
        assertThat(queue.next(10)).containsExactly("first");

        queue.hold(numbers(EventQueue.MEMORY + 5));

        assertThat(queue.waiting()).isEqualTo(EventQueue.MEMORY + 1);
        assertThat(counters.count("dropped_disk_failed")).isEqualTo(5);
        queue.settle(1);
        assertThat(queue.next(1)).containsExactly("5");
    }

    @Test
    void onceTheDiskTakesEventsAgainTheyAreAllOnItInOrder() throws IOException {
        Files.createDirectory(obstacle);
        queue.hold(List.of("1"));
        assertThat(queue.next(10)).containsExactly("1");
        Files.delete(obstacle);
        queue.hold(List.of("2"));
        queue.giveBack();

        queue.hold(List.of("3"));
        queue.close();
        open();

        assertThat(queue.next(10)).containsExactly("1", "2", "3");
    }

    @Test
    void anEventThatCouldBeNoEventIsDroppedAndCounted() {
        queue.hold(List.of("x".repeat(SpoolFormat.EVENT_LIMIT), "good"));

        assertThat(queue.next(10)).containsExactly("good");
        assertThat(counters.count("dropped_too_large")).isEqualTo(1);
    }

    private static List<String> numbers(int count) {
        return new ArrayList<>(
                IntStream.range(0, count).mapToObj(Integer::toString).toList());
    }
}
