package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    private static final String FIRST = "0000000000000000.events";

    @TempDir
    Path folder;

    private final Map<String, Long> lost = new HashMap<>();

    @Test
    void aTailCutAtAnyByteCostsNoWholeEventAndTheQueueGoesOn() throws IOException {
        List<String> events = filled(6);
        byte[] whole = Files.readAllBytes(folder.resolve(FIRST));

        for (int length = 0; length < whole.length; length++) {
            Files.write(folder.resolve(FIRST), Arrays.copyOf(whole, length));
            int kept = wholeEvents(events, length);
            try (Spool spool = open()) {
                assertThat(spool.waiting()).as("cut at %d", length).isEqualTo(kept);
                append(spool, List.of("new"));
                assertThat(spool.peek(100).json()).isEqualTo(plus(events.subList(0, kept), "new"));
            }
            clean();
        }
    }

    @Test
    void aTailOfZerosIsCutToo() throws IOException {
        List<String> events = filled(3);
        byte[] whole = Files.readAllBytes(folder.resolve(FIRST));
        Files.write(folder.resolve(FIRST), Arrays.copyOf(whole, whole.length + 5_000));

        try (Spool spool = open()) {
            assertThat(spool.peek(100).json()).isEqualTo(events);
        }
        assertThat(folder.resolve(FIRST)).hasSize(whole.length);
    }

    @Test
    void aFlippedBitAnywhereCostsOneEventThatIsCounted() throws IOException {
        List<String> events = filled(6);
        byte[] whole = Files.readAllBytes(folder.resolve(FIRST));

        for (int at = SpoolFormat.HEAD_BYTES; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] = (byte) (flipped[at] ^ 1 << (at % 8));
            Files.write(folder.resolve(FIRST), flipped);
            try (Spool spool = open()) {
                append(spool, List.of("new"));
                List<String> read = drain(spool);

                assertThat(read)
                        .as("flipped at %d", at)
                        .hasSize(6)
                        .endsWith("new")
                        .isSubsetOf(plus(events, "new"));
            }
            clean();
        }
    }

    @Test
    void aDamagedFileInTheMiddleCostsItsDamagedEventsAlone() throws IOException {
        List<String> events = big(40);
        try (Spool spool = open()) {
            append(spool, events);
        }
        Path middle = files().get(files().size() / 2);
        byte[] bytes = Files.readAllBytes(middle);
        Arrays.fill(bytes, SpoolFormat.HEAD_BYTES, SpoolFormat.HEAD_BYTES + 100, (byte) -1);
        Files.write(middle, bytes);

        try (Spool spool = open()) {
            assertThat(drain(spool)).hasSizeBetween(20, 39).isSubsetOf(events);
            assertThat(spool.waiting()).isZero();
        }
        assertThat(lost.get("queue_unreadable")).isEqualTo(1);
    }

    @Test
    void aFileOfAnotherVersionIsPutAsideAndTheQueueGoesOn() throws IOException {
        filled(3);
        byte[] newer = Files.readAllBytes(folder.resolve(FIRST));
        newer[7] = 2;
        Files.write(folder.resolve(FIRST), newer);

        try (Spool spool = open()) {
            append(spool, List.of("new"));
            assertThat(spool.peek(10).json()).containsExactly("new");
        }
        assertThat(folder.resolve(FIRST + ".aside")).hasBinaryContent(newer);
        assertThat(lost).containsExactly(Map.entry("queue_put_aside", 3L));
    }

    /** The oldest, one in the middle and the newest: by the numbers of the others, as far as there are any. */
    @Test
    void eventsInFilesThatArePutAsideAreCountedWhereverTheyLie() throws IOException {
        List<String> events = big(12);
        try (Spool spool = open()) {
            append(spool, events);
            spool.settle(spool.peek(1));
        }
        int files = files().size();
        for (int at : new int[] {0, files / 2, files - 1}) {
            byte[] torn = Files.readAllBytes(files().get(at));
            torn[0] = 0;
            Files.write(files().get(at), torn);
        }

        try (Spool spool = open()) {
            append(spool, List.of("new"));
            List<String> read = drain(spool);

            assertThat(read).endsWith("new").isSubsetOf(plus(events, "new"));
            assertThat(lost).containsOnlyKeys("queue_put_aside", "queue_unreadable");
            assertThat(lost.values().stream().mapToLong(Long::longValue).sum() + read.size())
                    .isEqualTo(12);
        }
    }

    @Test
    void whatTheNodeHasIsNotLostWithItsFile() throws IOException {
        filled(6);
        try (Spool spool = open()) {
            spool.settle(spool.peek(4));
        }
        byte[] newer = Files.readAllBytes(folder.resolve(FIRST));
        newer[7] = 2;
        Files.write(folder.resolve(FIRST), newer);

        open().close();

        assertThat(lost).containsExactly(Map.entry("queue_put_aside", 2L));
    }

    @Test
    void whatWasPutAsideGoesFirstWhenRoomIsNeeded() throws IOException {
        Path aside = Files.write(folder.resolve("0.events.aside"), new byte[300_000]);
        List<String> events = big(20);

        try (Spool spool = open()) {
            append(spool, events);

            assertThat(spool.peek(100).json().get(0)).isEqualTo(events.get(0));
        }
        assertThat(aside).doesNotExist();
        assertThat(lost).isEmpty();
    }

    @Test
    void aFolderBelongsToOneProbe() throws IOException {
        try (Spool spool = open()) {
            assertThat(spool.waiting()).isZero();
            assertThatThrownBy(this::open)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another probe uses it");
        }
        open().close();
    }

    @Test
    void aTornPositionIsTheOneBefore() throws IOException {
        List<String> events = filled(6);
        for (int start = 0; start < 2; start++) {
            try (Spool spool = open()) {
                spool.settle(spool.peek(2));
            }
        }
        byte[] position = Files.readAllBytes(folder.resolve("position"));
        position[512 + 12] = (byte) (position[512 + 12] ^ 1);
        Files.write(folder.resolve("position"), position);

        try (Spool spool = open()) {
            assertThat(spool.peek(100).json()).isEqualTo(events.subList(2, 6));
        }
    }

    /** A power cut may keep the position and lose the events before it, which the node has. */
    @Test
    void aPositionAheadOfTheFilesIsBelieved() throws IOException {
        filled(6);
        try (Spool spool = open()) {
            spool.settle(spool.peek(100));
        }
        Files.write(folder.resolve(FIRST), Arrays.copyOf(Files.readAllBytes(folder.resolve(FIRST)), 50));

        try (Spool spool = open()) {
            append(spool, List.of("new"));
            assertThat(spool.peek(100).json()).containsExactly("new");
        }
        try (Spool spool = open()) {
            assertThat(drain(spool)).containsExactly("new");
        }
        assertThat(lost.values()).allMatch(count -> count == 0);
    }

    @Test
    void onlyWhatWaitsAndIsNotSyncedIsExposedToAPowerCut() throws IOException {
        try (Spool spool = open()) {
            append(spool, List.of("1"));
            assertThat(spool.isExposed()).isTrue();
            spool.sync();
            assertThat(spool.isExposed()).isFalse();

            append(spool, List.of("2"));
            assertThat(spool.isExposed()).isTrue();
            spool.settle(spool.peek(10));
            assertThat(spool.isExposed()).isFalse();
        }
    }

    @Test
    void aLowerLimitAtTheNextStartIsKept() throws IOException {
        List<String> events = big(60);
        try (Spool spool = Spool.open(folder, 4 * Spool.LEAST_BYTES, this::lost)) {
            append(spool, events);
            assertThat(lost).isEmpty();
        }

        try (Spool spool = open()) {
            assertThat(spool.bytes()).isLessThanOrEqualTo(Spool.LEAST_BYTES);
            List<String> left = drain(spool);
            assertThat(left).isNotEmpty().isEqualTo(events.subList(60 - left.size(), 60));
            assertThat(lost.get("queue_full")).isEqualTo(60L - left.size());
        }
    }

    private Spool open() throws IOException {
        return Spool.open(folder, Spool.LEAST_BYTES, this::lost);
    }

    private void lost(String reason, long count) {
        if (count > 0) {
            lost.merge(reason, count, Long::sum);
        }
    }

    private List<String> filled(int count) throws IOException {
        List<String> events = IntStream.range(0, count)
                .mapToObj(i -> "{\"n\":" + i + ",\"target\":\"http://a/" + "ü".repeat(i) + "\"}")
                .toList();
        try (Spool spool = open()) {
            append(spool, events);
        }
        return events;
    }

    /** 16 KB each. */
    private static List<String> big(int count) {
        return IntStream.range(0, count).mapToObj(i -> i + "x".repeat(16_000)).toList();
    }

    static void append(Spool spool, List<String> events) throws IOException {
        spool.append(new ArrayList<>(events));
    }

    private static List<String> drain(Spool spool) {
        List<String> all = new ArrayList<>();
        for (Batch batch = spool.peek(7); batch.size() > 0; batch = spool.peek(7)) {
            all.addAll(batch.json());
            spool.settle(batch);
        }
        return all;
    }

    private static int wholeEvents(List<String> events, int length) {
        int count = 0;
        int end = SpoolFormat.HEAD_BYTES;
        for (String event : events) {
            end += SpoolFormat.FRAME_BYTES + event.getBytes(StandardCharsets.UTF_8).length;
            count += end <= length ? 1 : 0;
        }
        return count;
    }

    private static List<String> plus(List<String> events, String more) {
        return Stream.concat(events.stream(), Stream.of(more)).toList();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".events"))
                    .sorted()
                    .toList();
        }
    }

    private void clean() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        lost.clear();
    }
}
