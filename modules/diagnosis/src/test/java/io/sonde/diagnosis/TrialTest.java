package io.sonde.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Judgement;
import io.sonde.core.WindowAggregate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TrialTest {
    private static final double[] COURSE = {
        100, 104, 96, 102, 98, 101, 99, 103, 97, 100, 130, 128, 131, 400, 420, 410, 100
    };

    @Test
    void itSaysWhatWouldHaveBeenSaidWhenTheWindowsClosed() {
        Minutes lived = new Minutes(Minutes.SHIPPED);
        lived.ttfb(COURSE);

        Trial trial = trial(Minutes.SHIPPED, 0);

        Map<String, Long> labels =
                lived.judgements.stream().collect(Collectors.groupingBy(Judgement::label, Collectors.counting()));
        assertThat(trial.windows()).isEqualTo(labels).containsKey("server-bound");
        assertThat(trial.incidents())
                .isEqualTo(lived.incidents.stream()
                        .collect(Collectors.toMap(Incident::id, Function.identity(), (one, same) -> one))
                        .values()
                        .stream()
                        .collect(Collectors.groupingBy(Incident::label, Collectors.counting())));
    }

    @Test
    void otherThresholdsSayOtherwise() {
        Trial shipped = trial(Minutes.SHIPPED, 0);
        Trial lenient = trial(Minutes.with("sonde.diagnosis.rules.qoe { deviations = 100, rise = 100 }"), 0);
        Trial hasty = trial(Minutes.with("sonde.diagnosis.incident.opens = 1"), 0);

        assertThat(lenient.windows()).doesNotContainKey("server-bound").containsKey("healthy");
        assertThat(shipped.incidents()).containsEntry("server-bound", 1L);
        assertThat(lenient.incidents()).isEmpty();
        assertThat(hasty.incidents()).containsEntry("server-bound", 1L);
    }

    @Test
    void whatIsBeforeOnlyTeaches() {
        Trial late = trial(Minutes.SHIPPED, 13);

        assertThat(late.windows().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(COURSE.length - 13);
        assertThat(late.windows()).containsEntry("server-bound", 3L);
    }

    @Test
    void trialsOfSeveralSeriesAddUp() {
        Trial one = trial(Minutes.SHIPPED, 0);

        assertThat(one.plus(one).windows())
                .isEqualTo(one.windows().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, label -> 2 * label.getValue())));
        assertThat(Trial.NONE.plus(one)).isEqualTo(one);
    }

    private static Trial trial(Diagnostics rules, int from) {
        List<WindowAggregate> windows = new ArrayList<>();
        for (double ttfb : COURSE) {
            windows.add(Minutes.window(windows.size(), 12, ttfb));
        }
        return Trial.of(
                DiagnosisDomain.SOURCE, windows, DiagnosisDomain.startMs(from), rules, hour -> Collections.emptyList());
    }
}
