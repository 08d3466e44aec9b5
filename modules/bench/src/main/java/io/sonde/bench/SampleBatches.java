package io.sonde.bench;

import io.sonde.core.Batch;
import io.sonde.core.MalformedBody;
import io.sonde.core.Reading;
import io.sonde.core.Sample;
import io.sonde.core.SourceId;
import io.sonde.qoe.QoeSignal;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What one client sends: bodies of ten events of ten targets, and what an edge makes of them. */
public final class SampleBatches {
    public static final int EVENTS = 10;

    private static final SourceId SOURCE = new SourceId("default", "qoe", "berlin-1", 0);
    private static final SplittableRandom RANDOM = new SplittableRandom(2);

    private SampleBatches() {}

    /** @param nowMs when they happen, and arrive */
    public static List<Batch> of(int batches, long nowMs) {
        List<Batch> all = new ArrayList<>();
        for (int i = 0; i < batches; i++) {
            all.add(batch(body(nowMs), nowMs));
        }
        return all;
    }

    static byte[] body(long nowMs) {
        LoadShape shape = new LoadShape(1, EVENTS, EVENTS, 0, 0, 1, false, 0);
        RenderedRequest request = RenderedRequest.render(
                new SondeDialect(""), URI.create("http://127.0.0.1"), SOURCE.source(), 0, shape, RANDOM);
        request.next(nowMs, 0, RANDOM);
        return Arrays.copyOfRange(request.bytes(), request.bodyAt(), request.bytes().length);
    }

    private static Batch batch(byte[] body, long nowMs) {
        List<Sample> samples = new ArrayList<>();
        try {
            for (Reading reading :
                    new QoeSignal().read(body, false, nowMs, EVENTS).events()) {
                if (reading instanceof Reading.Valid valid) {
                    samples.add(valid.sample());
                }
            }
        } catch (MalformedBody e) {
            throw new IllegalStateException(e);
        }
        if (samples.size() != EVENTS) {
            throw new IllegalStateException("the rendered events are not valid");
        }
        return new Batch(SOURCE, nowMs, Map.of(), samples, false);
    }
}
