package io.sonde.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.ClosedWindows;
import io.sonde.core.Judgement;
import io.sonde.core.WindowAggregate;
import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.junit.jupiter.api.Test;

@Domain(DiagnosisDomain.class)
@Domain(DomainContext.Global.class)
class DiagnosesTest {
    private static final Diagnostics RULES = Minutes.SHIPPED;

    @Property
    void closedWindowsHandedOverAgainGiveNoEvent(
            @ForAll @Size(max = 8) List<ClosedWindows> before, @ForAll ClosedWindows closed) {
        Diagnoses diagnoses = new Diagnoses();
        before.forEach(windows -> judge(diagnoses, windows));
        judge(diagnoses, closed);

        assertThat(diagnoses.decide(closed, RULES, Map.of())).isEmpty();
    }

    @Property
    void aHigherRevisionGivesAnEventOfItsWindowAlone(@ForAll ClosedWindows closed, @ForAll Random random) {
        Diagnoses diagnoses = new Diagnoses();
        judge(diagnoses, closed);
        int changed = random.nextInt(closed.windows().size());
        List<WindowAggregate> windows = new ArrayList<>(closed.windows());
        windows.set(changed, oneEventMore(windows.get(changed)));

        Optional<WindowsDiagnosed> event = diagnoses.decide(with(closed, windows), RULES, Map.of());

        assertThat(event).hasValueSatisfying(diagnosed -> assertThat(diagnosed.closed())
                .isEqualTo(with(closed, List.of(windows.get(changed)))));
    }

    @Property
    void anyOrderAndAnyRepetitionOfRevisionsEndsWithTheHighest(
            @ForAll @Size(min = 1, max = 20) List<ClosedWindows> handedOver, @ForAll Random random) {
        List<ClosedWindows> shuffled = new ArrayList<>(handedOver);
        handedOver.stream().filter(closed -> random.nextBoolean()).forEach(shuffled::add);
        Collections.shuffle(shuffled, random);
        Map<String, Long> journalled = new HashMap<>();

        Diagnoses diagnoses = new Diagnoses();
        for (ClosedWindows closed : shuffled) {
            for (WindowAggregate window : judge(diagnoses, closed)) {
                Long former = journalled.put(name(window), window.revision());
                assertThat(window.revision()).isGreaterThan(former == null ? 0 : former);
            }
        }

        assertThat(journalled).isEqualTo(highest(handedOver));
    }

    @Property
    void aSnapshotIsTheSameDiagnoses(@ForAll @Size(max = 12) List<ClosedWindows> before, @ForAll ClosedWindows next) {
        Diagnoses diagnoses = new Diagnoses();
        before.forEach(closed -> judge(diagnoses, closed));

        Diagnoses restored = Diagnoses.fromSnapshot(diagnoses.toSnapshot());

        assertThat(restored.decide(next, RULES, Map.of())).isEqualTo(diagnoses.decide(next, RULES, Map.of()));
        assertThat(restored.toSnapshot()).isEqualTo(diagnoses.toSnapshot());
    }

    @Property
    void theEventsReplayedAreTheSameDiagnoses(
            @ForAll @Size(max = 12) List<ClosedWindows> before, @ForAll ClosedWindows next) {
        Diagnoses diagnoses = new Diagnoses();
        Diagnoses replayed = new Diagnoses();
        for (ClosedWindows closed : before) {
            diagnoses.decide(closed, RULES, Map.of()).ifPresent(event -> {
                diagnoses.apply(event);
                replayed.apply(event);
            });
        }

        assertThat(replayed.decide(next, RULES, Map.of())).isEqualTo(diagnoses.decide(next, RULES, Map.of()));
    }

    @Test
    void anEventSaysOfEachWindowWhatTheRulesDo() {
        ClosedWindows closed = DiagnosisDomain.closed(
                0, List.of(DiagnosisDomain.window(0, "http://a/", 4), DiagnosisDomain.window(0, "http://b/", 1)));

        WindowsDiagnosed event = new Diagnoses().decide(closed, RULES, Map.of()).orElseThrow();

        assertThat(event.closed()).isEqualTo(closed);
        assertThat(event.judgements().get("http://a/"))
                .extracting(Judgement::label)
                .isEqualTo("insufficient-data");
        assertThat(event.judgements().get("http://b/"))
                .extracting(Judgement::label)
                .isEqualTo("resolver-failure");
    }

    @Test
    void whatIsRememberedOfATargetIsItsLastWindows() {
        Diagnoses diagnoses = new Diagnoses();
        for (int minute = 0; minute <= SeriesDiagnosis.REMEMBERED; minute++) {
            judge(diagnoses, DiagnosisDomain.closed(minute, List.of(DiagnosisDomain.window(minute, "http://a/", 1))));
        }

        assertThat(diagnoses.decide(
                        DiagnosisDomain.closed(0, List.of(DiagnosisDomain.window(0, "http://a/", 1))), RULES, Map.of()))
                .as("forgotten, so journalled again: its revision makes that harmless")
                .isPresent();
        assertThat(diagnoses.decide(
                        DiagnosisDomain.closed(1, List.of(DiagnosisDomain.window(1, "http://a/", 1))), RULES, Map.of()))
                .isEmpty();
    }

    private static List<WindowAggregate> judge(Diagnoses diagnoses, ClosedWindows closed) {
        Optional<WindowsDiagnosed> event = diagnoses.decide(closed, RULES, Map.of());
        event.ifPresent(diagnoses::apply);
        return event.map(diagnosed -> diagnosed.closed().windows()).orElse(List.of());
    }

    private static Map<String, Long> highest(List<ClosedWindows> handedOver) {
        Map<String, Long> highest = new HashMap<>();
        handedOver.forEach(closed ->
                closed.windows().forEach(window -> highest.merge(name(window), window.revision(), Math::max)));
        return highest;
    }

    private static String name(WindowAggregate window) {
        return window.target() + window.startMs();
    }

    private static WindowAggregate oneEventMore(WindowAggregate window) {
        return new WindowAggregate(
                window.target(),
                window.startMs(),
                window.success() + 1,
                window.errors(),
                window.reasons(),
                window.measures());
    }

    private static ClosedWindows with(ClosedWindows closed, List<WindowAggregate> windows) {
        return new ClosedWindows(closed.source(), closed.startMs(), closed.attributes(), windows);
    }
}
