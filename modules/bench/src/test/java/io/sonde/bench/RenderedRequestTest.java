package io.sonde.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Reading;
import io.sonde.core.Sample;
import io.sonde.qoe.QoeSignal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RenderedRequestTest {
    private static final long NOW = 1_763_632_800_123L;
    private static final Dialect DIALECT = new SondeDialect("any");
    private static final URI NODE = URI.create("http://127.0.0.1:8081");

    @Property(tries = 100)
    void whatIsSentIsValidAndItsDistinctEventsAreWhatIsCounted(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 20) int targets,
            @ForAll @IntRange(min = 1, max = 40) int batch,
            @ForAll @IntRange(max = 99) int duplicates,
            @ForAll @IntRange(max = 100) int errors)
            throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        LoadShape shape = new LoadShape(1, targets, batch, duplicates, errors, 1, false, 0);
        RenderedRequest request = RenderedRequest.render(DIALECT, NODE, "client-1", 1, shape, random);
        WindowCounts counted = new WindowCounts();
        Map<UUID, Sample> distinct = new HashMap<>();
        int repeated = 0;

        for (int i = 0; i < 5; i++) {
            request.next(NOW + 20_000L * i, duplicates, random);
            request.count(counted);
            repeated += request.repeated();
            samples(request, NOW + 20_000L * i).forEach(sample -> assertThat(distinct.put(sample.id(), sample))
                    .isIn(null, sample));
        }

        request.flush(counted);
        WindowCounts expected = new WindowCounts();
        distinct.values()
                .forEach(sample -> expected.count(
                        WindowCounts.Window.of("client-1", sample.target(), sample.tsMs()), sample.error(), 1));
        assertThat(counted.differences(expected)).isEmpty();
        assertThat(distinct.size() + repeated).isEqualTo(5 * batch);
    }

    @Property(tries = 100)
    void theBodiesOfAClientNameEachTarget(
            @ForAll @IntRange(min = 1, max = 50) int targets, @ForAll @IntRange(min = 1, max = 50) int batch)
            throws Exception {
        LoadShape shape = new LoadShape(1, targets, batch, 0, 0, 1, false, 0);
        Set<String> named = new HashSet<>();

        for (int body = 0; body < shape.bodiesPerClient(); body++) {
            RenderedRequest request =
                    RenderedRequest.render(DIALECT, NODE, "client-1", body, shape, new SplittableRandom(1));
            request.next(NOW, 0, new SplittableRandom(2));
            samples(request, NOW).forEach(sample -> named.add(sample.target()));
        }

        assertThat(named).hasSize(targets);
    }

    private static List<Sample> samples(RenderedRequest request, long nowMs) throws Exception {
        String sent = new String(request.bytes(), StandardCharsets.UTF_8);
        String body = sent.substring(sent.indexOf("\r\n\r\n") + 4);
        assertThat(sent).contains("Content-Length: " + body.length() + "\r\n\r\n");
        return new QoeSignal()
                .read(body.getBytes(StandardCharsets.UTF_8), false, nowMs, 1_000).events().stream()
                        .map(reading -> ((Reading.Valid) reading).sample())
                        .toList();
    }
}
