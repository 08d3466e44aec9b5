package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sonde.core.SourceId;
import io.sonde.diagnosis.Incident;
import io.sonde.views.NameQuery.Order;
import io.sonde.views.NameQuery.Status;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import org.jspecify.annotations.Nullable;

class NameStoreIT {
    private static final long NOW_MS = Given.minute(60);
    private static final ReadSide READ_SIDE = filled();

    @Example
    void aSourceIsAsItsOpenIncidentsSay() {
        assertThat(sources(Order.NAME, null, 100))
                .extracting(Listed.Source::source, one -> one.condition().status(), one -> one.condition()
                        .incidents())
                .containsExactly(
                        tuple("a-troubled", Status.TROUBLED, 1L),
                        tuple("b-well", Status.WELL, 0L),
                        tuple("c-silent", Status.SILENT, 0L),
                        tuple("d-worse", Status.TROUBLED, 2L),
                        tuple("e-silent-too", Status.TROUBLED, 1L));
        Listed.Condition worse = sources(Order.NAME, null, 100).get(3).condition();
        assertThat(worse.labels()).containsExactly("dns-bound", "server-bound");
        assertThat(worse.worst()).as("of its incidents the most severe").isEqualTo("server-bound");
    }

    @Example
    void aTargetIsAsTheIncidentsOfAllItsSourcesSay() {
        assertThat(targets(null))
                .extracting(Listed.Target::target, Listed.Target::sources, one -> one.condition()
                        .incidents())
                .containsExactly(tuple("https://a.example/", 5L, 3L), tuple("https://b.example/", 1L, 1L));
        assertThat(targets(Status.WELL)).isEmpty();
    }

    @Example
    void listsAreFilteredByStatus() {
        assertThat(names(Order.NAME, Status.TROUBLED, 100)).containsExactly("a-troubled", "d-worse", "e-silent-too");
        assertThat(names(Order.NAME, Status.SILENT, 100)).containsExactly("c-silent");
        assertThat(names(Order.NAME, Status.WELL, 100)).containsExactly("b-well");
    }

    /** One name a page: each place where a page may end is tried. */
    @Example
    void pagesGoOnInEveryOrderAndWithEveryStatus() {
        for (int limit = 1; limit <= 3; limit++) {
            assertThat(names(Order.NAME, null, limit))
                    .containsExactly("a-troubled", "b-well", "c-silent", "d-worse", "e-silent-too");
            assertThat(names(Order.LAST_SEEN, null, limit))
                    .containsExactly("a-troubled", "b-well", "d-worse", "c-silent", "e-silent-too");
            assertThat(names(Order.STATUS, null, limit))
                    .containsExactly("d-worse", "a-troubled", "e-silent-too", "c-silent", "b-well");
            assertThat(names(Order.STATUS, Status.TROUBLED, limit))
                    .containsExactly("d-worse", "a-troubled", "e-silent-too");
            assertThat(names(Order.NAME, Status.TROUBLED, limit))
                    .containsExactly("a-troubled", "d-worse", "e-silent-too");
        }
    }

    private static List<String> names(Order order, @Nullable Status status, int limit) {
        return sources(order, status, limit).stream().map(Listed.Source::source).toList();
    }

    private static List<Listed.Source> sources(Order order, @Nullable Status status, int limit) {
        List<Listed.Source> all = new ArrayList<>();
        NameQuery.Key after = null;
        do {
            Page<Listed.Source, NameQuery.Key> page = READ_SIDE.ask(
                    NameStore::sources, new NameQuery("default", "some", "", "", status, order, NOW_MS, after, limit));
            all.addAll(page.items());
            after = page.last();
        } while (after != null);
        return all;
    }

    private static List<Listed.Target> targets(@Nullable Status status) {
        return READ_SIDE
                .ask(
                        NameStore::targets,
                        new NameQuery("default", "some", "", "", status, Order.NAME, NOW_MS, null, 100))
                .items();
    }

    private static ReadSide filled() {
        ReadSide readSide = new ReadSide();
        write(readSide, "default", "a-troubled", 59, 1);
        write(readSide, "default", "b-well", 58, 2);
        write(readSide, "default", "c-silent", 3, 0);
        write(readSide, "default", "d-worse", 57, 1);
        worse(readSide);
        write(readSide, "default", "e-silent-too", 2, 1);
        write(readSide, "other", "spy", 59, 1);
        return readSide;
    }

    /** @param version of an incident: open when odd, cleared when even, none when 0 */
    private static void write(ReadSide readSide, String tenant, String source, int minute, long version) {
        SourceId of = new SourceId(tenant, "some", source, 0);
        String target = "https://a.example/";
        Incident[] incidents = version == 0 ? new Incident[0] : new Incident[] {Given.incident(of, target, 0, version)};
        readSide.write(Given.judged(
                of,
                Given.minute(minute),
                Given.window(target, Given.minute(minute), 0, 1),
                Given.judgement(90),
                incidents));
    }

    /** An open incident with another label at another target, of a higher version and so more severe. */
    private static void worse(ReadSide readSide) {
        SourceId of = new SourceId("default", "some", "d-worse", 0);
        String target = "https://b.example/";
        readSide.write(Given.judged(
                of,
                Given.minute(57),
                Given.window(target, Given.minute(57), 0, 1),
                Given.judgement(90),
                Given.incident(of, target, 1, 21)));
    }
}
