package io.sonde.problems;

import io.sonde.core.Notification.Member;
import io.sonde.core.Notification.Scope;
import io.sonde.core.OpenIncident;
import io.sonde.problems.Problem.Ack;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
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
    private final Map<String, Problem> before = new TreeMap<>();
    private final Map<String, Problem> now = new TreeMap<>();
    /** The id of the problem that has the incident. */
    private final Map<String, String> owners = new HashMap<>();

    /** Those of a side of which hardly anything suffers any more. */
    private final Set<String> fading = new HashSet<>();

    private final ProblemsSettings settings;
    private final long nowMs;

    Correlation(List<Problem> open, ProblemsSettings settings, long nowMs) {
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
            now.put(problem.id(), problem.goesOnWith(open, nowMs));
        }
    }

    /**
     * New incidents of a side that is at fault and has not nearly recovered. When one that has is at fault again, that is
     * another problem.
     */
    private void joinSides(List<OpenIncident> open) {
        Map<Side, String> atFault = new HashMap<>();
        for (Problem problem : before.values()) {
            Side.of(problem).ifPresent(side -> {
                List<OpenIncident> held = open.stream()
                        .filter(incident -> problem.id().equals(owners.get(incident.id())))
                        .toList();
                if (suffers(side, held, settings.share() / 2)) {
                    atFault.put(side, problem.id());
                } else {
                    fading.add(problem.id());
                }
            });
        }
        for (OpenIncident incident : open) {
            if (!owners.containsKey(incident.id())) {
                Optional.ofNullable(atFault.get(Side.target(incident)))
                        .or(() -> Optional.ofNullable(atFault.get(Side.source(incident))))
                        .ifPresent(problem -> move(incident, problem));
            }
        }
    }

    /** The largest side first, until none is left that suffers as a whole. */
    private void blame(List<OpenIncident> open) {
        while (true) {
            Optional<Map.Entry<Side, List<OpenIncident>>> worst = free(open).entrySet().stream()
                    .filter(side -> suffers(side.getKey(), side.getValue(), settings.share()))
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
            now.put(problem.id(), problem.acknowledged(ackOf(worst.get().getValue())));
            worst.get().getValue().forEach(incident -> move(incident, problem.id()));
        }
    }

    /** Whoever took all of its parts on. */
    private @Nullable Ack ackOf(List<OpenIncident> incidents) {
        Ack ack = null;
        for (OpenIncident incident : incidents) {
            String owner = owners.get(incident.id());
            ack = owner == null ? null : problem(owner).ack();
            if (ack == null) {
                return null;
            }
        }
        return ack;
    }

    /** By side: incidents that no side is known to be at fault for. */
    private Map<Side, List<OpenIncident>> free(List<OpenIncident> open) {
        Map<Side, List<OpenIncident>> sides = new LinkedHashMap<>();
        for (OpenIncident incident : open) {
            String owner = owners.get(incident.id());
            if (incident.measured() && (owner == null || isFree(owner))) {
                sides.computeIfAbsent(Side.target(incident), any -> new ArrayList<>())
                        .add(incident);
                sides.computeIfAbsent(Side.source(incident), any -> new ArrayList<>())
                        .add(incident);
            }
        }
        return sides;
    }

    private boolean isFree(String problem) {
        return problem(problem).scope() == Scope.PATH || fading.contains(problem);
    }

    private boolean suffers(Side side, List<OpenIncident> incidents, double share) {
        boolean ofTarget = side.scope() == Scope.TARGET;
        Function<OpenIncident, String> other = ofTarget
                ? incident -> incident.series().source()
                : incident -> incident.series().target();
        int all = incidents.stream()
                .mapToInt(incident -> ofTarget ? incident.sourcesOfTarget() : incident.targetsOfSource())
                .max()
                .orElse(0);
        long suffering = incidents.stream().map(other).distinct().count();
        return all >= settings.leastMembers() && suffering >= settings.leastMembers() && suffering >= share * all;
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
                scope.name().charAt(0) + "-" + first.id() + "-" + Long.toString(nowMs, Character.MAX_RADIX),
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
}
