package io.sonde.bench;

import java.io.IOException;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/** Asks a question and waits for the whole answer. */
record QueryLook(Api server, Supplier<String> question) implements Looking.Look {
    @Override
    public void into(Histogram micros) throws IOException, InterruptedException {
        String path = question.get();
        long start = System.nanoTime();
        server.text(path);
        micros.recordValue((System.nanoTime() - start) / 1_000);
    }
}
