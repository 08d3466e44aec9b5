package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.SourceId;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

class DiagnosisStoreIT {
    private static final int MINUTES = 30;
    private static final long EVER = 1L << 47;
    private static final SeriesFilter ALL = new SeriesFilter("default", "some", null, null);

    private static final ReadSide READ_SIDE = filled();

    @Property(tries = 50)
    void pagesOfAnySizeGiveEveryDiagnosedWindowOnceTheLatestFirst(@ForAll @IntRange(min = 1, max = 70) int size) {
        List<DiagnosedWindow> paged = new ArrayList<>();
        Position after = null;
        do {
            Page<DiagnosedWindow, Position> page =
                    READ_SIDE.ask(DiagnosisStore::windows, new DiagnosisQuery(ALL, null, 0, EVER, after, size));
            paged.addAll(page.items());
            after = page.last();
        } while (after != null);

        assertThat(paged).hasSize(2 * MINUTES).doesNotHaveDuplicates();
        assertThat(paged).extracting(window -> -window.position().startMs()).isSorted();
    }

    @Property(tries = 50)
    void pagesOfAnySizeGiveEveryIncidentOnceTheLatestFirst(@ForAll @IntRange(min = 1, max = 70) int size) {
        List<IncidentRow> paged = new ArrayList<>();
        IncidentQuery.Key after = null;
        do {
            Page<IncidentRow, IncidentQuery.Key> page =
                    READ_SIDE.ask(DiagnosisStore::incidents, new IncidentQuery(ALL, null, null, 0, EVER, after, size));
            paged.addAll(page.items());
            after = page.last();
        } while (after != null);

        assertThat(paged).hasSize(2 * MINUTES).doesNotHaveDuplicates();
        assertThat(paged).extracting(incident -> -incident.onsetMs()).isSorted();
    }

    @Example
    void diagnosesAreFoundByLabelTimeSourceAndTarget() {
        List<DiagnosedWindow> some = windows(
                new SeriesFilter("default", "some", "berlin-1", "https://a.example/"),
                "dns-bound",
                Given.minute(10),
                Given.minute(20));

        assertThat(some).hasSize(5).allSatisfy(window -> {
            assertThat(window.source()).isEqualTo("berlin-1");
            assertThat(window.target()).isEqualTo("https://a.example/");
            assertThat(window.position().startMs()).isBetween(Given.minute(10), Given.minute(19));
            assertThat(window.diagnosis().label()).isEqualTo("dns-bound");
            assertThat(window.diagnosis().verdicts()).hasSize(1);
        });
        assertThat(windows(new SeriesFilter("default", "some", null, "https://well.example/"), null, 0, EVER))
                .as("a healthy window is not diagnosed")
                .isEmpty();
    }

    @Example
    void incidentsAreFoundWhileTheyGoOn() {
        assertThat(incidents("cleared", null, Given.minute(0), Given.minute(5)))
                .as("begun before, not ended yet, and begun within")
                .extracting(IncidentRow::onsetMs)
                .containsOnly(Given.minute(0), Given.minute(2), Given.minute(4));
        assertThat(incidents("cleared", null, Given.minute(8), Given.minute(9)))
                .as("the incident of minute 4 ended with minute 8")
                .extracting(IncidentRow::onsetMs)
                .containsOnly(Given.minute(6), Given.minute(8));
        assertThat(incidents("open", null, EVER - 1, EVER))
                .as("what is open goes on")
                .hasSize(MINUTES);
        assertThat(incidents(null, "server-bound", 0, EVER))
                .hasSize(MINUTES)
                .allSatisfy(incident -> assertThat(incident.label()).isEqualTo("server-bound"));
    }

    @Example
    void anotherTenantSeesNothing() {
        SeriesFilter other = new SeriesFilter("other", "some", "berlin-1", null);
        SeriesFilter otherKind = new SeriesFilter("default", "other", null, null);
        String id = Given.incident(Given.SOURCE, "https://a.example/", 0, 2).id();

        assertThat(windows(other, null, 0, EVER)).isEmpty();
        assertThat(windows(otherKind, null, 0, EVER)).isEmpty();
        assertThat(READ_SIDE
                        .ask(DiagnosisStore::incidents, new IncidentQuery(other, null, null, 0, EVER, null, 10))
                        .items())
                .isEmpty();
        assertThat(READ_SIDE.ask(DiagnosisStore::incident, new DiagnosisStore.OneIncident(other, id)))
                .isEmpty();
        assertThat(READ_SIDE.ask(DiagnosisStore::incident, new DiagnosisStore.OneIncident(ALL, id)))
                .hasValueSatisfying(incident -> assertThat(incident.differences(IncidentRow.of(
                                0,
                                Given.SOURCE.source(),
                                Given.incident(Given.SOURCE, "https://a.example/", 0, 2),
                                Given.minute(0) + 63_000)))
                        .isEmpty());
    }

    @Example
    void theLatestDiagnosesAreReadFromTheirIndexAndNotFromTheWindows() {
        ReadSide readSide = filled();
        DiagnosisQuery latest = new DiagnosisQuery(ALL, null, 0, EVER, null, 10);

        String plan = readSide.explain(DiagnosisStore.where(latest), DiagnosisStore.select(latest), 10);

        assertThat(plan).contains("Index Scan Backward using window_1m_2025_11_window_start_series_id_idx");
    }

    private static List<DiagnosedWindow> windows(SeriesFilter series, @Nullable String label, long from, long to) {
        return READ_SIDE
                .ask(DiagnosisStore::windows, new DiagnosisQuery(series, label, from, to, null, 1_000))
                .items();
    }

    private static List<IncidentRow> incidents(@Nullable String state, @Nullable String label, long from, long to) {
        return READ_SIDE
                .ask(DiagnosisStore::incidents, new IncidentQuery(ALL, label, state, from, to, null, 1_000))
                .items();
    }

    /** Two sources; each minute a diagnosed window, a healthy one, and an incident: of odd minutes they are still open. */
    private static ReadSide filled() {
        ReadSide readSide = new ReadSide();
        ReadSideStore writer = new ReadSideStore(100);
        for (int minute = 0; minute < MINUTES; minute++) {
            long startMs = Given.minute(minute);
            for (String name : List.of("berlin-1", "paris-1")) {
                SourceId source = new SourceId("default", "some", name, 0);
                readSide.write(
                        writer,
                        List.of(
                                Given.judged(
                                        source,
                                        startMs + 63_000,
                                        Given.window("https://a.example/", startMs, 0, minute),
                                        Given.judgement(
                                                50,
                                                Given.verdict(minute % 2 == 0 ? "dns-bound" : "server-bound", minute)),
                                        Given.incident(source, "https://a.example/", minute, 2 - minute % 2)),
                                Given.judged(
                                        source,
                                        startMs + 63_000,
                                        Given.window("https://well.example/", startMs, 0, minute),
                                        Given.judgement(100))));
            }
        }
        return readSide;
    }
}
