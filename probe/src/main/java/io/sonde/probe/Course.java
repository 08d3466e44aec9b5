package io.sonde.probe;

import io.sonde.qoe.Stage;
import java.util.List;

/**
 * When what happened in a measurement, for those who draw it; {@link System#nanoTime()} throughout.
 *
 * @param stages that were begun, in their order; the last one may have failed
 */
record Course(long beganNanos, long endedNanos, List<Passed> stages) {
    Course {
        stages = List.copyOf(stages);
    }

    record Passed(Stage stage, long beganNanos, long endedNanos) {}
}
