package io.sonde.probe;

import io.sonde.qoe.Stage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one measurement has seen so far; belongs to the thread that measures. */
final class Sight {
    private final TargetUrl url;
    private final long tsMs;

    private @Nullable Double dnsMs;
    private @Nullable Double tcpMs;
    private @Nullable Double tlsMs;
    private @Nullable Double ttfbMs;
    private @Nullable Double throughputKbps;
    private @Nullable Integer status;
    private @Nullable String address;
    private final List<Course.Passed> course = new ArrayList<>(5);
    private final long beganNanos = System.nanoTime();
    private long lastNanos = beganNanos;

    Sight(TargetUrl url, long tsMs) {
        this.url = url;
        this.tsMs = tsMs;
    }

    void resolved(Names.Resolved resolved) {
        address = resolved.address().getHostAddress();
        dnsMs = resolved.ms();
        if (resolved.ms() != null) {
            passed(Stage.DNS, resolved.ms());
        }
    }

    void connected(double ms) {
        tcpMs = ms;
        passed(Stage.TCP, ms);
    }

    void secured(double ms) {
        tlsMs = ms;
        passed(Stage.TLS, ms);
    }

    void firstByte(double ms) {
        ttfbMs = ms;
        passed(Stage.HTTP, ms);
    }

    void answered(int with) {
        status = with;
        lastNanos = System.nanoTime();
    }

    void downloaded(double kbps) {
        throughputKbps = kbps;
        passed(Stage.THROUGHPUT, lastNanos);
    }

    /** It has just ended, and took so long. */
    private void passed(Stage stage, double ms) {
        passed(stage, System.nanoTime() - Math.round(ms * 1e6));
    }

    private void passed(Stage stage, long fromNanos) {
        lastNanos = System.nanoTime();
        course.add(new Course.Passed(stage, fromNanos, lastNanos));
    }

    /** A stage that failed began where the one before it ended. */
    private Course course(@Nullable StageFailed failure) {
        if (failure != null && course.stream().noneMatch(stage -> stage.stage() == failure.stage())) {
            passed(failure.stage(), lastNanos);
        }
        return new Course(beganNanos, System.nanoTime(), course);
    }

    Measurement ended(@Nullable StageFailed failure) {
        return new Measurement(
                url.text(),
                tsMs,
                dnsMs,
                tcpMs,
                tlsMs,
                ttfbMs,
                throughputKbps,
                address,
                status,
                failure,
                course(failure));
    }
}
