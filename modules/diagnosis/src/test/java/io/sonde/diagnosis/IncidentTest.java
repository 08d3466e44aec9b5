package io.sonde.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.WindowAggregate;
import io.sonde.diagnosis.Incident.Change;
import io.sonde.diagnosis.Incident.State;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From windows to incidents. */
class IncidentTest {
    private final Minutes minutes = new Minutes(Minutes.SHIPPED);

    @BeforeEach
    void anHourAsUsual() {
        for (int i = 0; i < 12; i++) {
            minutes.ttfb(100, 104, 96, 102, 98);
        }
    }

    @Test
    void threeGraveWindowsOfFiveOpenOneAndFiveQuietOnesEndIt() {
        minutes.ttfb(400, 100, 500);
        assertThat(minutes.incidents).isEmpty();

        minutes.ttfb(450);

        Incident opened = minutes.last();
        assertThat(opened.state()).isEqualTo(State.OPEN);
        assertThat(opened.label()).isEqualTo("server-bound");
        assertThat(opened.onsetMs()).isEqualTo(DiagnosisDomain.startMs(60));
        assertThat(opened.openedMs()).isEqualTo(DiagnosisDomain.startMs(63));
        assertThat(opened.peakMs()).isEqualTo(DiagnosisDomain.startMs(62));
        assertThat(opened.peak().evidence().get(0).observed()).isEqualTo(500);
        assertThat(opened.rules()).isEqualTo("qoe-1");

        minutes.times(4, 100);
        assertThat(minutes.last().state()).isEqualTo(State.OPEN);
        minutes.ttfb(100);

        Incident cleared = minutes.last();
        assertThat(cleared.id()).isEqualTo(opened.id());
        assertThat(cleared.state()).isEqualTo(State.CLEARED);
        assertThat(cleared.lastSeenMs()).isEqualTo(DiagnosisDomain.startMs(63));
        assertThat(cleared.endedMs()).isEqualTo(DiagnosisDomain.startMs(64));
        assertThat(cleared.timeline())
                .startsWith(
                        new Change(DiagnosisDomain.startMs(60), "server-bound"),
                        new Change(DiagnosisDomain.startMs(61), "healthy"),
                        new Change(DiagnosisDomain.startMs(62), "server-bound"),
                        new Change(DiagnosisDomain.startMs(64), "healthy"));
    }

    @Test
    void anIncidentLongerThanTheBaselineStaysOne() {
        minutes.times(120, 400);
        minutes.times(5, 100);

        assertThat(minutes.incidents)
                .extracting(Incident::id)
                .containsOnly(minutes.last().id());
        assertThat(minutes.last().state()).isEqualTo(State.CLEARED);
    }

    @Test
    void aRestartChangesNothing() {
        Minutes restarted = new Minutes(Minutes.SHIPPED);
        for (int i = 0; i < 12; i++) {
            restarted.ttfb(100, 104, 96, 102, 98);
            restarted.restart();
        }
        for (double ttfb : new double[] {400, 100, 500, 450, 700, 100, 100, 100, 100, 100, 100}) {
            minutes.ttfb(ttfb);
            restarted.ttfb(ttfb);
            restarted.restart();
        }

        assertThat(restarted.events).isEqualTo(minutes.events);
        assertThat(minutes.last().state()).isEqualTo(State.CLEARED);
    }

    @Test
    void aWindowHandedOverAgainAnnouncesNothing() {
        minutes.times(3, 400);
        int announced = minutes.incidents.size();

        for (int again = 0; again < 3; again++) {
            minutes.restart();
            assertThat(minutes.judge(Minutes.window(62, 12, 400))).isEmpty();
        }

        assertThat(minutes.incidents).hasSize(announced);
    }

    @Test
    void aRevisionRevisesItsVerdictAndWhatFollowsFromIt() {
        minutes.ttfb(400, 400, 100);

        assertThat(minutes.judge(Minutes.window(62, 14, 600))).contains("server-bound");

        assertThat(minutes.last().state()).isEqualTo(State.OPEN);
        assertThat(minutes.last().peak().evidence().get(0).observed()).isEqualTo(600);
    }

    @Test
    void failuresAreAnIncidentOfTheirOwnAndOneSeriesMayHaveTwo() {
        minutes.times(3, 400);
        minutes.failures(3);

        assertThat(minutes.incidents.stream().filter(Incident::isOpen).map(Incident::label))
                .contains("server-bound", "connect-failure");
        minutes.times(5, 100);
        assertThat(Map.of(
                        "server-bound", lastState("server-bound"),
                        "connect-failure", lastState("connect-failure")))
                .isEqualTo(Map.of("server-bound", State.CLEARED, "connect-failure", State.CLEARED));
    }

    @Test
    void whatLastsADayIsTheNewNormalButAFailureNeverIs() {
        minutes.times(24 * 60 + 1, 400);
        assertThat(minutes.last().state()).isEqualTo(State.ACCEPTED);
        minutes.times(30, 400);
        assertThat(minutes.incidents.stream().map(Incident::id).distinct()).hasSize(1);

        minutes.failures(24 * 60 + 30);

        assertThat(minutes.last().state()).isEqualTo(State.OPEN);
    }

    @Test
    void threeGraveWindowsFarApartAreNoIncident() {
        for (int i = 0; i < 3; i++) {
            minutes.ttfb(400);
            minutes.nothing(8);
        }

        assertThat(minutes.incidents).isEmpty();
    }

    @Test
    void ofATargetThatFellSilentTheIncidentEndsWhenItIsForgotten() {
        minutes.times(3, 400);
        minutes.nothing(25 * 60);

        minutes.judge(new WindowAggregate(
                "http://b/", DiagnosisDomain.startMs(minutes.minute()), 1, List.of(), Map.of(), List.of()));

        assertThat(minutes.last().state()).isEqualTo(State.SILENT);
        assertThat(minutes.last().target()).isEqualTo(Minutes.TARGET);
    }

    @Test
    void whenItIsSaidThatNothingCameForADayTheIncidentsOfAWholeSourceEnd() {
        minutes.times(3, 400);
        minutes.nothing(23 * 60);
        minutes.noneCame();
        assertThat(minutes.last().isOpen()).isTrue();
        minutes.nothing(2 * 60);

        minutes.noneCame();
        minutes.noneCame();
        minutes.restart();
        minutes.noneCame();

        assertThat(minutes.last().state()).isEqualTo(State.SILENT);
        assertThat(minutes.last().endedMs()).isEqualTo(DiagnosisDomain.startMs(minutes.minute()));
        assertThat(minutes.incidents.stream().filter(incident -> !incident.isOpen()))
                .hasSize(1);
    }

    @Test
    void aTargetThatComesBackAfterADayGoesOnWhereItWas() {
        minutes.failures(3);
        Incident open = minutes.last();
        minutes.nothing(25 * 60);

        minutes.failures(1);

        assertThat(minutes.events.get(minutes.events.size() - 1).incidents())
                .singleElement()
                .satisfies(again -> assertThat(again.id()).isEqualTo(open.id()))
                .satisfies(again -> assertThat(again.state()).isEqualTo(State.OPEN));
    }

    @Test
    void aStepInTheFirstMinutesOfAQuietSeriesDoesNotTeachItsOwnSpread() {
        Minutes young = new Minutes(Minutes.SHIPPED);
        young.ttfb(100, 104, 96, 102, 98, 101, 103);

        young.ttfb(600, 650, 620);

        assertThat(young.last().state()).isEqualTo(State.OPEN);
    }

    /** A probe measures its own start in its first minute. */
    @Test
    void theWildFirstMinuteOfASeriesHidesNoStep() {
        Minutes young = new Minutes(Minutes.SHIPPED);
        young.ttfb(256, 12, 12, 13, 13, 12);

        young.ttfb(1203, 1204, 1202);

        assertThat(young.last().state()).isEqualTo(State.OPEN);
    }

    @Test
    void aTargetThatAnswersNothingAnyMoreIsNotWellAgain() {
        minutes.times(3, 400);
        minutes.failures(30);

        assertThat(lastState("server-bound")).isEqualTo(State.OPEN);
    }

    @Test
    void aChangeTooSmallToTellIsUsualAfterADay() {
        minutes.times(24 * 60 + 12, 109);
        minutes.ttfb(109);

        assertThat(minutes.judgements.get(100).label()).isEqualTo("server-bound");
        assertThat(minutes.incidents).isEmpty();
        assertThat(minutes.judgements.get(minutes.judgements.size() - 1).label())
                .isEqualTo("healthy");
    }

    private State lastState(String label) {
        return minutes.incidents.stream()
                .filter(incident -> incident.label().equals(label))
                .reduce((first, second) -> second)
                .orElseThrow()
                .state();
    }
}
