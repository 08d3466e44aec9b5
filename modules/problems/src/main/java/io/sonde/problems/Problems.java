package io.sonde.problems;

import io.sonde.core.OpenIncident;
import io.sonde.problems.Problem.Ack;
import io.sonde.problems.ProblemsEvent.DeliveryChanged;
import io.sonde.problems.ProblemsEvent.ProblemChanged;
import io.sonde.problems.ProblemsEvent.SilenceChanged;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All problems that go on or ended lately, what was told of them, and what is silenced. It looks at what is open now and
 * not at how it came to be, so nothing that happened while nobody looked is missed.
 */
public final class Problems {
    private static final long REMEMBERED_MS = 24 * 60 * 60_000L;

    private final Map<String, Problem> problems = new TreeMap<>();
    private final Map<String, Delivery> deliveries = new TreeMap<>();
    private final Map<String, Silence> silences = new TreeMap<>();

    Problems() {}

    /** What follows from the incidents that are open now. */
    List<ProblemsEvent> look(List<OpenIncident> open, Telling telling, ProblemsSettings settings, long nowMs) {
        var correlation = new Correlation(openProblems(), settings, nowMs);
        List<Problem> changed = correlation.of(open);
        Map<String, Problem> then = new TreeMap<>(problems);
        changed.forEach(problem -> then.put(problem.id(), problem));
        return Stream.concat(
                        changed.stream().map(problem -> (ProblemsEvent) new ProblemChanged(problem, nowMs)),
                        newDeliveries(then.values(), telling, settings, nowMs).stream()
                                .map(DeliveryChanged::new))
                .toList();
    }

    /** Empty when no problem that goes on has the incident. What is on its way already arrives all the same. */
    List<ProblemsEvent> acknowledge(String tenant, String incident, Ack ack) {
        Optional<Problem> problem = openProblems().stream()
                .filter(one -> one.tenant().equals(tenant) && one.has(incident))
                .findFirst();
        return problem.<List<ProblemsEvent>>map(one -> List.of(new ProblemChanged(one.acknowledged(ack), ack.atMs())))
                .orElse(List.of());
    }

    /** Empty when the tenant has no such silence. */
    List<ProblemsEvent> endSilence(String tenant, String id, long nowMs) {
        return Optional.ofNullable(silences.get(id))
                .filter(silence -> silence.tenant().equals(tenant))
                .<List<ProblemsEvent>>map(silence -> List.of(new SilenceChanged(silence.endedAt(nowMs))))
                .orElse(List.of());
    }

    /** To be sent now: of each problem and channel the beginning before the end. */
    List<Delivery> due(long nowMs) {
        return deliveries.values().stream()
                .filter(delivery -> delivery.isDue() && delivery.nextMs() <= nowMs)
                .filter(delivery ->
                        !delivery.resolved() || !isDue(Delivery.key(delivery.problem(), delivery.channel(), false)))
                .toList();
    }

    Optional<Problem> problem(String id) {
        return Optional.ofNullable(problems.get(id));
    }

    Optional<Delivery> delivery(String key) {
        return Optional.ofNullable(deliveries.get(key));
    }

    Problems apply(ProblemsEvent event) {
        event.applyTo(this);
        return this;
    }

    void remember(Problem problem, long atMs) {
        problems.put(problem.id(), problem);
        problems.values().removeIf(one -> !one.isOpen() && one.endedMs() < atMs - REMEMBERED_MS && isTold(one));
        deliveries.values().removeIf(one -> !problems.containsKey(one.problem()));
        silences.values().removeIf(one -> one.untilMs() < atMs - REMEMBERED_MS);
    }

    void remember(Delivery delivery) {
        deliveries.put(delivery.key(), delivery);
    }

    void remember(Silence silence) {
        silences.put(silence.id(), silence);
    }

    Collection<Problem> problems() {
        return problems.values();
    }

    Collection<Delivery> deliveries() {
        return deliveries.values();
    }

    Collection<Silence> silences() {
        return silences.values();
    }

    private List<Problem> openProblems() {
        return problems.values().stream().filter(Problem::isOpen).toList();
    }

    private boolean isTold(Problem problem) {
        return deliveries.values().stream()
                .noneMatch(delivery -> delivery.problem().equals(problem.id()) && delivery.isDue());
    }

    private boolean isDue(String key) {
        Delivery delivery = deliveries.get(key);
        return delivery != null && delivery.isDue();
    }

    private List<Delivery> newDeliveries(
            Collection<Problem> now, Telling telling, ProblemsSettings settings, long nowMs) {
        List<Delivery> due = new ArrayList<>();
        for (Problem problem : now) {
            if (problem.isOpen()) {
                due.addAll(beginnings(problem, telling, settings, nowMs));
            } else {
                due.addAll(endings(problem, nowMs));
            }
        }
        return due;
    }

    private List<Delivery> beginnings(Problem problem, Telling telling, ProblemsSettings settings, long nowMs) {
        boolean wait = problem.ack() != null
                || nowMs - problem.startedMs() < settings.groupWait().toMillis()
                || silences.values().stream().anyMatch(silence -> silence.holds(problem, nowMs));
        return wait
                ? List.of()
                : telling.channels(problem).stream()
                        .filter(channel -> !deliveries.containsKey(Delivery.key(problem.id(), channel, false)))
                        .map(channel -> Delivery.due(problem, channel, false, nowMs))
                        .toList();
    }

    /** Who has heard of the beginning, or is about to, hears of the end. */
    private List<Delivery> endings(Problem problem, long nowMs) {
        return deliveries.values().stream()
                .filter(told -> told.problem().equals(problem.id())
                        && !told.resolved()
                        && told.state() != Delivery.State.DROPPED
                        && !deliveries.containsKey(Delivery.key(problem.id(), told.channel(), true)))
                .map(told -> Delivery.due(problem, told.channel(), true, nowMs))
                .toList();
    }
}
