package io.sonde.problems;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sonde.core.Channel;
import io.sonde.core.Notification.Member;
import io.sonde.core.Notification.Scope;
import io.sonde.core.OpenIncident;
import io.sonde.core.SeriesId;
import io.sonde.problems.Delivery.State;
import io.sonde.problems.Problem.Ack;
import io.sonde.problems.ProblemsEvent.DeliveryChanged;
import io.sonde.problems.ProblemsEvent.SilenceChanged;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** From incidents to what people are told, minute by minute. */
class ProblemsTest {
    private static final ProblemsSettings SETTINGS =
            ProblemsSettings.from(ConfigFactory.load().getConfig("sonde"));
    private static final Telling LOG = new Telling() {
        @Override
        public List<String> channels(Problem problem) {
            return List.of("log");
        }

        @Override
        public Optional<Channel> channel(String name) {
            return Optional.empty();
        }
    };

    private Problems problems = new Problems();
    private long nowMs = 1_763_632_800_000L;

    @Test
    void anIncidentOfOneSeriesIsAProblemOfThePath() {
        look(incident("a", "t1", 5, 5));

        Problem problem = only(problems.problems());
        assertThat(problem.scope()).isEqualTo(Scope.PATH);
        assertThat(problem.source()).isEqualTo("a");
        assertThat(problem.target()).isEqualTo("t1");
        assertThat(problem.members()).extracting(Member::incident).containsExactly("a-t1");
    }

    @Test
    void allTargetsOfOneClientAreTheClientsSide() {
        look(incident("a", "t1", 3, 5), incident("a", "t2", 3, 5), incident("a", "t3", 3, 5));

        Problem problem = only(problems.problems());
        assertThat(problem.scope()).isEqualTo(Scope.SOURCE);
        assertThat(problem.source()).isEqualTo("a");
        assertThat(problem.target()).isNull();
        assertThat(problem.members()).hasSize(3);
    }

    @Test
    void allClientsOfOneTargetAreTheTargetsSideAndOneProblemNotAHundred() {
        look(IntStream.range(0, 100)
                .mapToObj(client -> incident("c" + client, "t1", 4, 100))
                .toArray(OpenIncident[]::new));

        Problem problem = only(problems.problems());
        assertThat(problem.scope()).isEqualTo(Scope.TARGET);
        assertThat(problem.target()).isEqualTo("t1");
        assertThat(problem.members()).hasSize(100);
    }

    @Test
    void oneClientWithOneTargetTellsNoSide() {
        look(incident("a", "t1", 1, 1));

        assertThat(only(problems.problems()).scope()).isEqualTo(Scope.PATH);
    }

    @Test
    void someOfTheTargetsAreNotTheClientsSide() {
        look(incident("a", "t1", 5, 9), incident("a", "t2", 5, 9));

        assertThat(problems.problems()).extracting(Problem::scope).containsExactly(Scope.PATH, Scope.PATH);
    }

    @Test
    void problemsOfThePathThatTurnOutToBeOneBecomeParts() {
        look(incident("a", "t1", 5, 2));
        look(incident("a", "t1", 5, 2), incident("b", "t1", 5, 2));

        Problem whole = only(open());
        assertThat(whole.scope()).isEqualTo(Scope.TARGET);
        assertThat(whole.members()).hasSize(2);
        assertThat(problems.problems())
                .filteredOn(problem -> !problem.isOpen())
                .singleElement()
                .satisfies(part -> assertThat(part.partOf()).isEqualTo(whole.id()));
    }

    @Test
    void aProblemOfOneSideStaysWholeWhileItsIncidentsEndAndStart() {
        look(incident("a", "t1", 5, 3), incident("b", "t1", 5, 3), incident("c", "t1", 5, 3));
        look(
                incident("b", "t1", 5, 4),
                incident("c", "t1", 5, 4),
                incident("d", "t1", 5, 4),
                incident("e", "t1", 5, 4));
        look(incident("e", "t1", 5, 5));

        assertThat(only(problems.problems()).members()).hasSize(5);

        look();
        assertThat(only(problems.problems()).isOpen()).isFalse();
    }

    @Test
    void aNewOutageIsToldAlthoughOneMemberOfTheLastOneNeverRecovered() {
        tell(
                incident("a", "t1", 5, 5),
                incident("b", "t1", 5, 5),
                incident("c", "t1", 5, 5),
                incident("d", "t1", 5, 5));
        look(incident("a", "t1", 5, 5));
        nowMs += 86_400_000;
        look(incident("a", "t1", 5, 5), incident("x", "t1", 5, 5));
        assertThat(open()).extracting(Problem::scope).containsExactlyInAnyOrder(Scope.TARGET, Scope.PATH);

        tell(IntStream.range(0, 5)
                .mapToObj(again -> again == 0 ? incident("a", "t1", 5, 6) : incident("again" + again, "t1", 5, 6))
                .toArray(OpenIncident[]::new));

        assertThat(open())
                .filteredOn(problem -> problem.scope() == Scope.TARGET)
                .hasSize(1);
        assertThat(problems.deliveries())
                .filteredOn(delivery -> !delivery.resolved())
                .hasSizeGreaterThan(1);
    }

    @Test
    void whoMeasuresNoMoreBlamesNoSide() {
        look(asleep(incident("a", "t1", 5, 2)), asleep(incident("b", "t1", 5, 2)));

        assertThat(problems.problems()).extracting(Problem::scope).containsExactly(Scope.PATH, Scope.PATH);
    }

    @Test
    void anIncidentThatComesBackIsAProblemOfItsOwnAndToldAgain() {
        tell(incident("a", "t1", 5, 5));
        nowMs += 60_000;
        look();
        sendAll();
        nowMs += 60_000;

        tell(incident("a", "t1", 5, 5));

        assertThat(problems.problems()).hasSize(2);
        assertThat(problems.deliveries())
                .filteredOn(delivery -> !delivery.resolved())
                .hasSize(2);
    }

    @Test
    void anEndIsToldAlthoughTheProblemWasAcknowledgedWhileItsBeginningWasUnderWay() {
        look(incident("a", "t1", 5, 5));
        nowMs += 31_000;
        look(incident("a", "t1", 5, 5));
        apply(problems.acknowledge("default", "a-t1", new Ack("eva", "", nowMs)));
        sendAll();

        look();

        assertThat(due()).extracting(Delivery::resolved).containsExactly(true);
    }

    @Test
    void whoTookAllPartsOnIsNotToldOfTheWhole() {
        look(incident("a", "t1", 5, 9), incident("a", "t2", 5, 9));
        apply(problems.acknowledge("default", "a-t1", new Ack("eva", "on it", nowMs)));
        apply(problems.acknowledge("default", "a-t2", new Ack("eva", "on it", nowMs)));

        tell(incident("a", "t1", 2, 9), incident("a", "t2", 2, 9));

        assertThat(open()).singleElement().satisfies(whole -> {
            assertThat(whole.scope()).isEqualTo(Scope.SOURCE);
            assertThat(whole.ack()).isNotNull();
        });
        assertThat(problems.deliveries()).isEmpty();
    }

    @Test
    void whatIsJournalledOfAProblemDoesNotGrowWithIncidentsThatComeAndGo() {
        look(incident("a", "t1", 5, 2), incident("b", "t1", 5, 2));
        for (int again = 0; again < 300; again++) {
            nowMs += 60_000;
            look(incident("a", "t1", 5, 2), incident("b" + again, "t1", 5, 2));
        }

        assertThat(only(open()).members()).hasSizeLessThanOrEqualTo(103);
    }

    @Test
    void peopleAreToldOnceAfterTheWaitAndOnceWhenItIsOver() {
        look(incident("a", "t1", 5, 5));
        assertThat(due()).isEmpty();
        for (int looks = 0; looks < 12; looks++) {
            nowMs += 5_000;
            look(incident("a", "t1", 5, 5));
        }
        assertThat(due()).hasSize(1);
        assertThat(due().get(0).resolved()).isFalse();
        sendAll();
        assertThat(due()).isEmpty();

        nowMs += 60_000;
        look();
        assertThat(due()).extracting(Delivery::resolved).containsExactly(true);
        sendAll();
        look();
        assertThat(due()).isEmpty();
    }

    @Test
    void anIncidentThatComesBackAfterPeopleWereToldOfItsEndIsToldAgain() {
        tell(incident("a", "t1", 5, 5));
        look();
        sendAll();

        tell(incident("a", "t1", 5, 5));
        look();
        sendAll();

        assertThat(problems.problems()).hasSize(2).noneMatch(Problem::isOpen);
        assertThat(problems.deliveries()).hasSize(4).allMatch(delivery -> delivery.state() == State.SENT);
    }

    @Test
    void whatEndsWithinTheWaitIsNeverTold() {
        look(incident("a", "t1", 5, 5));
        nowMs += 20_000;
        look();
        nowMs += 60_000;
        look();

        assertThat(problems.deliveries()).isEmpty();
    }

    @Test
    void whatWasToldBeforeARestartIsNotToldAgainAndWhatEndedMeanwhileIsToldAsResolved() {
        tell(incident("a", "t1", 5, 5));
        restart();
        look(incident("a", "t1", 5, 5));
        assertThat(due()).isEmpty();

        nowMs += 3_600_000;
        restart();
        look();

        assertThat(due()).extracting(Delivery::resolved).containsExactly(true);
    }

    @Test
    void whatWasDueBeforeARestartIsSentOnceAfterIt() {
        look(incident("a", "t1", 5, 5));
        nowMs += 31_000;
        look(incident("a", "t1", 5, 5));
        String key = due().get(0).key();
        restart();

        assertThat(due()).extracting(Delivery::key).containsExactly(key);
        sendAll();
        restart();
        look(incident("a", "t1", 5, 5));
        assertThat(due()).isEmpty();
    }

    @Test
    void aFailedAttemptIsMadeAgainLaterEachTimeAndTheEndWaitsForTheBeginning() {
        look(incident("a", "t1", 5, 5));
        nowMs += 31_000;
        look(incident("a", "t1", 5, 5));
        Delivery first = due().get(0);
        apply(List.of(new DeliveryChanged(first.failed("refused", nowMs + 5_000))));
        assertThat(due()).isEmpty();
        look();
        assertThat(due()).as("the end, before the beginning").isEmpty();

        nowMs += 5_000;

        assertThat(due()).extracting(Delivery::resolved).containsExactly(false);
        assertThat(due().get(0).error()).isEqualTo("refused");
        sendAll();
        assertThat(due()).extracting(Delivery::resolved).containsExactly(true);
        assertThat(Stream.of(1, 2, 3, 8, 90)
                        .map(attempts -> SETTINGS.retryAfter(attempts, Duration.ZERO))
                        .map(Duration::toSeconds))
                .containsExactly(5L, 10L, 20L, 600L, 600L);
    }

    @Test
    void aReceiverThatAsksToBeLeftAloneIsButNotForLongerThanTheLongestRetry() {
        assertThat(Stream.of(3, 30, 90_000)
                        .map(seconds -> SETTINGS.retryAfter(2, Duration.ofSeconds(seconds)))
                        .map(Duration::toSeconds))
                .containsExactly(10L, 30L, 600L);
    }

    @Test
    void theWorstIncidentIsToldFirst() {
        look(incident("a", "t1", 2, 5, 3), incident("a", "t2", 2, 5, 9), incident("a", "t3", 3, 5, 4));
        nowMs += 31_000;
        look(incident("a", "t1", 2, 5, 3), incident("a", "t2", 2, 5, 9), incident("a", "t3", 3, 5, 4));

        assertThat(only(problems.problems()).told(only(due())).members())
                .extracting(Member::target)
                .containsExactly("t2", "t3", "t1");
    }

    @Test
    void aSilenceHoldsBackAndSurvivesARestartAndItsEndTells() {
        apply(List.of(new SilenceChanged(silence("t*", nowMs, nowMs + 3_600_000))));
        look(incident("a", "t1", 5, 5));
        nowMs += 1_800_000;
        restart();
        look(incident("a", "t1", 5, 5));
        assertThat(due()).isEmpty();

        apply(problems.endSilence("default", "s1", nowMs));
        look(incident("a", "t1", 5, 5));

        assertThat(due()).hasSize(1);
    }

    @Test
    void aSilenceOfAnotherTargetOrTenantHoldsNothingBack() {
        apply(List.of(new SilenceChanged(silence("u*", nowMs, nowMs + 3_600_000))));
        assertThat(problems.endSilence("other", "s1", nowMs)).isEmpty();

        tell(incident("a", "t1", 5, 5));

        assertThat(problems.deliveries()).extracting(Delivery::state).containsExactly(State.SENT);
    }

    @Test
    void anAcknowledgedProblemTellsNobodyElse() {
        look(incident("a", "t1", 5, 5));
        assertThat(problems.acknowledge("other", "a-t1", new Ack("eva", "on it", nowMs)))
                .isEmpty();

        apply(problems.acknowledge("default", "a-t1", new Ack("eva", "on it", nowMs)));
        nowMs += 60_000;
        look(incident("a", "t1", 5, 5));

        assertThat(problems.deliveries()).isEmpty();
        assertThat(only(problems.problems()).ack()).isEqualTo(new Ack("eva", "on it", nowMs - 60_000));
    }

    @Test
    void lookingAgainAtTheSameChangesNothing() {
        OpenIncident[] same = {incident("a", "t1", 2, 2), incident("b", "t1", 2, 2), incident("c", "t9", 7, 7)};
        tell(same);

        assertThat(problems.look(List.of(same), LOG, SETTINGS, nowMs)).isEmpty();
    }

    private void tell(OpenIncident... incidents) {
        look(incidents);
        nowMs += 31_000;
        look(incidents);
        sendAll();
    }

    private void look(OpenIncident... open) {
        apply(problems.look(List.of(open), LOG, SETTINGS, nowMs));
    }

    private void sendAll() {
        for (Delivery delivery : due()) {
            apply(List.of(new DeliveryChanged(delivery.sent(nowMs))));
        }
    }

    private List<Delivery> due() {
        return problems.due(nowMs);
    }

    private List<Problem> open() {
        return problems.problems().stream().filter(Problem::isOpen).toList();
    }

    private void apply(List<ProblemsEvent> events) {
        new ArrayList<>(events).forEach(problems::apply);
    }

    private void restart() {
        problems = ProblemsSnapshot.of(problems).problems();
    }

    private static <T> T only(Collection<T> all) {
        assertThat(all).hasSize(1);
        return all.iterator().next();
    }

    private static Silence silence(String target, long fromMs, long untilMs) {
        return new Silence("s1", "default", null, null, target, fromMs, untilMs, "eva", "maintenance");
    }

    private static OpenIncident asleep(OpenIncident incident) {
        return new OpenIncident(
                incident.id(),
                incident.series(),
                incident.label(),
                incident.onsetMs(),
                incident.severity(),
                incident.evidence(),
                false,
                incident.targetsOfSource(),
                incident.sourcesOfTarget());
    }

    private static OpenIncident incident(String source, String target, int targets, int sources) {
        return incident(source, target, targets, sources, 4);
    }

    private static OpenIncident incident(String source, String target, int targets, int sources, double severity) {
        return new OpenIncident(
                source + "-" + target,
                new SeriesId("default", "qoe", source, target),
                "server-bound",
                1_763_632_740_000L,
                severity,
                List.of(),
                true,
                targets,
                sources);
    }
}
