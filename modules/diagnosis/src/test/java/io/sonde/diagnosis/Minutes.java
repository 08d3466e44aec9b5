package io.sonde.diagnosis;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sonde.core.ClosedWindows;
import io.sonde.core.Distribution;
import io.sonde.core.Judgement;
import io.sonde.core.SourceId;
import io.sonde.core.Summary;
import io.sonde.core.WindowAggregate;
import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import io.sonde.qoe.QoeSignal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One series, minute by minute: a second of everything else, and a TTFB that the test gives. */
final class Minutes {
    static final Diagnostics SHIPPED = with("");
    static final String TARGET = "http://a/";

    private static final SourceId SOURCE = DiagnosisDomain.SOURCE;

    Diagnoses diagnoses = new Diagnoses();
    final List<WindowsDiagnosed> events = new ArrayList<>();
    final List<Judgement> judgements = new ArrayList<>();
    final List<Incident> incidents = new ArrayList<>();
    private final Diagnostics diagnostics;
    private int minute;

    Minutes(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** The shipped settings but for these. */
    static Diagnostics with(String set) {
        Config whole = ConfigFactory.parseString(set).withFallback(ConfigFactory.load());
        return Diagnostics.from(whole.getConfig("sonde.diagnosis"), new QoeSignal());
    }

    int minute() {
        return minute;
    }

    /** Minutes in which each of twelve events took so long to the first byte. */
    void ttfb(double... ms) {
        for (double each : ms) {
            judge(window(minute++, 12, each));
        }
    }

    void times(int minutes, double ms) {
        for (int i = 0; i < minutes; i++) {
            ttfb(ms);
        }
    }

    /** Minutes in which nothing answered. */
    void failures(int minutes) {
        for (int i = 0; i < minutes; i++) {
            judge(new WindowAggregate(
                    TARGET,
                    DiagnosisDomain.startMs(minute++),
                    0,
                    List.of(0L, 12L, 0L, 0L, 0L),
                    Map.of("1:timeout", 12L),
                    List.of()));
        }
    }

    void nothing(int minutes) {
        minute += minutes;
    }

    /** The label of the window. */
    Optional<String> judge(WindowAggregate window) {
        Optional<WindowsDiagnosed> event =
                decide(new ClosedWindows(SOURCE, window.startMs(), Map.of(), List.of(window)));
        return event.map(diagnosed -> judgements.get(judgements.size() - 1).label());
    }

    /** It is said that none came until now. */
    void noneCame() {
        var unused = decide(new ClosedWindows(SOURCE, DiagnosisDomain.startMs(minute), Map.of(), List.of()));
    }

    private Optional<WindowsDiagnosed> decide(ClosedWindows closed) {
        Optional<WindowsDiagnosed> event = diagnoses.decide(closed, diagnostics, Map.of());
        event.ifPresent(diagnosed -> {
            diagnoses.apply(diagnosed);
            events.add(diagnosed);
            judgements.addAll(diagnosed.judgements().values());
            incidents.addAll(diagnosed.incidents());
        });
        return event;
    }

    /** As the entity comes back after a restart. */
    void restart() {
        diagnoses = Diagnoses.fromSnapshot(diagnoses.toSnapshot());
    }

    Incident last() {
        return incidents.get(incidents.size() - 1);
    }

    static WindowAggregate window(int minute, int events, double ttfb) {
        return new WindowAggregate(
                TARGET,
                DiagnosisDomain.startMs(minute),
                events,
                List.of(0L, 0L, 0L, 0L, 0L),
                Map.of(),
                List.of(
                        all(events, 1_000),
                        all(events, 1_000),
                        all(events, 1_000),
                        all(events, ttfb),
                        all(events, 50_000),
                        all(events, 3_000 + ttfb)));
    }

    private static Distribution all(int events, double value) {
        double[] values = new double[events];
        Arrays.fill(values, value);
        return new Distribution(events, value, value, value, value, Summary.of(values, events));
    }
}
