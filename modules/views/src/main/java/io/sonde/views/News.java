package io.sonde.views;

import io.sonde.core.ClosedWindows;
import io.sonde.core.Distribution;
import io.sonde.core.Summary;
import io.sonde.core.WindowAggregate;
import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import io.sonde.problems.Problem;
import io.sonde.problems.ProblemsEvent;
import io.sonde.problems.ProblemsEvent.ProblemChanged;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * What the read side has just taken over, whichever node did it: who is told of something can ask for it. Nothing is told
 * twice but what is committed twice, while a slice moves to another node; and what was committed while nobody listened, or elsewhere in
 * the second before the other nodes know that somebody does, is not told.
 */
public final class News {
    private final Relay<WindowsDiagnosed> closed;
    private final Relay<ProblemChanged> problems;

    public News(ActorSystem<?> system) {
        closed = new Relay<>(system, WindowsDiagnosed.class, "news-of-windows");
        problems = new Relay<>(system, ProblemChanged.class, "news-of-problems");
    }

    /** @return ends it */
    public Runnable onClosed(Consumer<ClosedMinute> listener) {
        return closed.listen(event -> listener.accept(ClosedMinute.of(event)));
    }

    /** @return ends it */
    public Runnable onProblem(Consumer<Problem> listener) {
        return problems.listen(event -> listener.accept(event.problem()));
    }

    void committed(List<WindowsDiagnosed> events) {
        if (closed.isHeard()) {
            events.forEach(event -> closed.tell(withoutSummaries(event)));
        }
    }

    void committedProblems(List<ProblemsEvent> events) {
        if (problems.isHeard()) {
            events.forEach(event -> {
                if (event instanceof ProblemChanged changed) {
                    problems.tell(changed);
                }
            });
        }
    }

    /** They are most of what would go from node to node, and nobody shows them. */
    private static WindowsDiagnosed withoutSummaries(WindowsDiagnosed event) {
        ClosedWindows closed = event.closed();
        return new WindowsDiagnosed(
                new ClosedWindows(
                        closed.source(),
                        closed.startMs(),
                        closed.attributes(),
                        closed.windows().stream().map(News::withoutSummaries).toList()),
                event.judgements(),
                event.incidents());
    }

    private static WindowAggregate withoutSummaries(WindowAggregate window) {
        return new WindowAggregate(
                window.target(),
                window.startMs(),
                window.success(),
                window.errors(),
                window.reasons(),
                window.measures().stream()
                        .map(of -> new Distribution(of.count(), of.min(), of.max(), of.p50(), of.p95(), Summary.EMPTY))
                        .toList());
    }
}
