package io.sonde.qoe;

import io.sonde.core.Minute;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.jspecify.annotations.Nullable;

/** Events as a probe may make them, the corners of every field among them. */
final class QoeEvents {
    static final long RECV_TS_MS = 1_763_632_860_000L;

    private QoeEvents() {}

    static Arbitrary<QoeEvent> any() {
        Arbitrary<UUID> ids =
                Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(UUID::new);
        Arbitrary<Long> times = Arbitraries.longs().between(1, RECV_TS_MS + Minute.AHEAD_MS);
        Arbitrary<Failure> failures =
                Combinators.combine(Arbitraries.of(Stage.class), words()).as(Failure::new);
        return Combinators.combine(ids, text(1, 255), targets(), times, contexts(), timings(), failures.injectNull(0.5))
                .as((id, client, target, ts, context, timing, failure) -> new QoeEvent(
                        id,
                        client,
                        target,
                        ts,
                        context,
                        timing.dns(),
                        timing.tcp(),
                        timing.tls(),
                        timing.ttfb(),
                        timing.throughput(),
                        failure == null ? null : failure.stage(),
                        failure == null ? null : failure.type()));
    }

    static Arbitrary<String> text(int min, int max) {
        return Arbitraries.strings()
                .withChars("aZ0 -_.:/|%\"\\äßж東")
                .withCharRange('!', '~')
                .ofMinLength(min)
                .ofMaxLength(max)
                .edgeCases(edges -> edges.add("x".repeat(max), "\uD83D\uDE80".repeat(min), "%3a|:"));
    }

    private static Arbitrary<String> targets() {
        Arbitrary<String> hosts =
                Arbitraries.of("example.org", "my_host", "münchen.de", "192.0.2.1:8080", "[2001:db8::1]:443", "u:p@h");
        return Combinators.combine(Arbitraries.of("http://", "https://", "HTTPS://"), hosts, paths())
                .as((scheme, host, path) -> scheme + host + path);
    }

    private static Arbitrary<String> paths() {
        Arbitrary<String> tails = Arbitraries.strings().withCharRange('!', '~').ofMaxLength(2_000);
        return Arbitraries.oneOf(Arbitraries.just(""), tails.map(tail -> "/" + tail), tails.map(tail -> "?" + tail));
    }

    private static Arbitrary<NetworkContext> contexts() {
        return Combinators.combine(
                        text(1, 64).injectNull(0.3),
                        Arbitraries.of(true, false).injectNull(0.3),
                        text(1, 255).injectNull(0.3))
                .as(NetworkContext::new);
    }

    private static Arbitrary<Timing> timings() {
        Arbitrary<Double> ms = Arbitraries.doubles().between(0, 600_000).injectNull(0.2);
        Arbitrary<Double> kbps = Arbitraries.doubles().between(0, 1e9).injectNull(0.5);
        return Combinators.combine(ms, ms, ms, ms, kbps).as(Timing::new);
    }

    private static Arbitrary<String> words() {
        return Arbitraries.strings().withChars("abcxyz019_").ofMinLength(1).ofMaxLength(64);
    }

    private record Failure(Stage stage, String type) {}

    private record Timing(
            @Nullable Double dns,
            @Nullable Double tcp,
            @Nullable Double tls,
            @Nullable Double ttfb,
            @Nullable Double throughput) {}
}
