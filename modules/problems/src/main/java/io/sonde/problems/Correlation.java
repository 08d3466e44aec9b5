package io.sonde.problems;

import io.sonde.core.Notification.Member;
import io.sonde.core.Notification.Scope;
import io.sonde.core.OpenIncident;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whose fault it is: incidents at all targets of a source are the source's, at all sources of a target the target's, and
 * what is neither lies on the path. A problem of one side keeps its incidents until they end, so that it does not fall
 * apart while they end one after the other; one of the path may turn out to be part of a larger one.
 */
final class Correlation {
    /** What could be at fault. */
    private record Side(String tenant, String kind, Scope scope, String name) {
        static Side source(OpenIncident incident) {
            return new Side(
                    incident.series().tenant(),
                    incident.series().kind(),
                    Scope.SOURCE,
                    incident.series().source());
        }

        static Side target(OpenIncident incident) {
            return new Side(
                    incident.series().tenant(),
                    incident.series().kind(),
                    Scope.TARGET,
                    incident.series().target());
        }
    }

    private final Set<String> known;
    private final Map<String, Problem> before = new TreeMap<>();
    private final Map<String, Problem> now = new TreeMap<>();
    /** The id of the problem that has the incident. */
    private final Map<String, String> owners = new HashMap<>();

    private final ProblemsSettings settings;
    private final long nowMs;

    /** @param known the ids of all problems, those that ended too */
    Correlation(List<Problem> open, Set<String> known, ProblemsSettings settings, long nowMs) {
        this.known = Set.copyOf(known);
        this.settings = settings;
        this.nowMs = nowMs;
        for (Problem problem : open) {
            before.put(problem.id(), problem);
            now.put(problem.id(), problem);
            problem.members().stream()
                    .filter(member -> member.endedMs() == null)
                    .forEach(member -> owners.put(member.incident(), problem.id()));
        }
    }

    /** The problems that are new, changed or over, as they are then. */
    List<Problem> of(List<OpenIncident> open) {
        endMembers(open.stream().map(OpenIncident::id).collect(Collectors.toSet()));
        joinSides(open);
        blame(open);
        for (OpenIncident incident : open) {
            if (!owners.containsKey(incident.id())) {
                ontoPath(incident);
            }
        }
        endProblems();
        return now.values().stream()
                .filter(problem -> !problem.equals(before.get(problem.id())))
                .toList();
    }

    private void endMembers(Set<String> open) {
        for (Problem problem : before.values()) {
            List<Member> members = problem.members().stream()
                    .map(member ->
                            member.endedMs() == null && !open.contains(member.incident()) ? ended(member) : member)
                    .toList();
            if (!members.equals(problem.members())) {
                now.put(problem.id(), problem.with(members));
            }
        }
    }

    /** New incidents of a side that is known to be at fault. */
    private void joinSides(List<OpenIncident> open) {
        Map<Side, String> known = new HashMap<>();
        for (Problem problem : before.values()) {
            side(problem).ifPresent(side -> known.put(side, problem.id()));
        }
        for (OpenIncident incident : open) {
            if (!owners.containsKey(incident.id())) {
                Optional.ofNullable(known.get(Side.target(incident)))
                        .or(() -> Optional.ofNullable(known.get(Side.source(incident))))
                        .ifPresent(problem -> move(incident, problem));
            }
        }
    }

    /** The largest side first, until none is left that suffers as a whole. */
    private void blame(List<OpenIncident> open) {
        while (true) {
            Optional<Map.Entry<Side, List<OpenIncident>>> worst = free(open).entrySet().stream()
                    .filter(side -> suffersAsAWhole(side.getKey(), side.getValue()))
                    .max(Comparator.comparingInt(side -> side.getValue().size()));
            if (worst.isEmpty()) {
                return;
            }
            Side side = worst.get().getKey();
            Problem problem = problem(
                    side.scope(),
                    worst.get().getValue().get(0),
                    side.scope() == Scope.SOURCE ? side.name() : null,
                    side.scope() == Scope.TARGET ? side.name() : null);
            now.put(problem.id(), problem);
            worst.get().getValue().forEach(incident -> move(incident, problem.id()));
        }
    }

    /** By side: incidents that no side is known to be at fault for. */
    private Map<Side, List<OpenIncident>> free(List<OpenIncident> open) {
        Map<Side, List<OpenIncident>> sides = new LinkedHashMap<>();
        for (OpenIncident incident : open) {
            String owner = owners.get(incident.id());
            if (owner == null || problem(owner).scope() == Scope.PATH) {
                sides.computeIfAbsent(Side.target(incident), any -> new ArrayList<>())
                        .add(incident);
                sides.computeIfAbsent(Side.source(incident), any -> new ArrayList<>())
                        .add(incident);
            }
        }
        return sides;
    }

    private boolean suffersAsAWhole(Side side, List<OpenIncident> incidents) {
        boolean ofTarget = side.scope() == Scope.TARGET;
        Function<OpenIncident, String> other = ofTarget
                ? incident -> incident.series().source()
                : incident -> incident.series().target();
        int all = incidents.stream()
                .mapToInt(incident -> ofTarget ? incident.sourcesOfTarget() : incident.targetsOfSource())
                .max()
                .orElse(0);
        long suffering = incidents.stream().map(other).distinct().count();
        return all >= settings.leastMembers()
                && suffering >= settings.leastMembers()
                && suffering >= settings.share() * all;
    }

    private void ontoPath(OpenIncident incident) {
        Problem path = now.values().stream()
                .filter(problem -> problem.scope() == Scope.PATH
                        && problem.isOpen()
                        && problem.tenant().equals(incident.series().tenant())
                        && problem.kind().equals(incident.series().kind())
                        && incident.series().source().equals(problem.source())
                        && incident.series().target().equals(problem.target()))
                .findFirst()
                .orElseGet(() -> problem(
                        Scope.PATH,
                        incident,
                        incident.series().source(),
                        incident.series().target()));
        now.put(path.id(), path);
        move(incident, path.id());
    }

    private void move(OpenIncident incident, String to) {
        String from = owners.put(incident.id(), to);
        if (from != null) {
            List<Member> left = problem(from).members().stream()
                    .filter(member -> !member.incident().equals(incident.id()))
                    .toList();
            Problem smaller = problem(from).with(left);
            now.put(from, left.isEmpty() ? smaller.with(problem(from).members()).ended(nowMs, to) : smaller);
        }
        List<Member> more = new ArrayList<>(problem(to).members());
        more.add(new Member(
                incident.id(),
                incident.series().source(),
                incident.series().target(),
                incident.label(),
                incident.onsetMs(),
                null,
                incident.severity(),
                incident.evidence()));
        now.put(to, problem(to).with(more));
    }

    private void endProblems() {
        for (Problem problem : List.copyOf(now.values())) {
            boolean over = problem.isOpen() && problem.members().stream().allMatch(member -> member.endedMs() != null);
            if (over) {
                now.put(problem.id(), problem.ended(nowMs, null));
            }
        }
    }

    private Problem problem(String id) {
        return Objects.requireNonNull(now.get(id));
    }

    private Problem problem(Scope scope, OpenIncident first, @Nullable String source, @Nullable String target) {
        return new Problem(
                unused(scope.name().charAt(0) + "-" + first.id()),
                0,
                first.series().tenant(),
                first.series().kind(),
                scope,
                first.label(),
                source,
                target,
                nowMs,
                0,
                null,
                null,
                List.of());
    }

    /** What was told of a problem that ended is not told for one that begins with the same incident, come back. */
    private String unused(String id) {
        String unused = id;
        for (int number = 2; known.contains(unused); number++) {
            unused = id + "-" + number;
        }
        return unused;
    }

    private Member ended(Member member) {
        return new Member(
                member.incident(),
                member.source(),
                member.target(),
                member.label(),
                member.onsetMs(),
                nowMs,
                member.severity(),
                member.evidence());
    }

    private static Optional<Side> side(Problem problem) {
        String name = problem.scope() == Scope.SOURCE ? problem.source() : problem.target();
        return problem.scope() == Scope.PATH || name == null
                ? Optional.empty()
                : Optional.of(new Side(problem.tenant(), problem.kind(), problem.scope(), name));
    }
}
