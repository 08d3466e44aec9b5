package io.sonde.bus;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.api.ConsumerInfo;
import io.sonde.core.Batch;
import io.sonde.core.Counters;
import io.sonde.core.Receipt;
import io.sonde.core.Recorder;
import io.sonde.core.Tracing;
import io.sonde.core.Unavailable;
import io.sonde.testkit.NatsServer;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A server of its own, a bus on it and a recorder that a test tells what to do. */
final class TestBus implements AutoCloseable {
    final NatsServer server;
    final JetStreamBus bus;
    final Counters counters = new Counters();
    /** Beside the bus: what an operator would see. */
    final Connection operator;

    /** Every batch that was recorded, as often as it was. */
    final Queue<Batch> recorded = new ConcurrentLinkedQueue<>();

    private TestBus(NatsServer server, String url, String settings, Clock clock) throws Exception {
        this.server = server;
        this.bus = JetStreamBus.connect(TestSettings.at(url, settings), Tracing.OFF, clock, counters);
        this.operator = Nats.connect(server.url());
    }

    static TestBus start(String settings) throws Exception {
        NatsServer server = NatsServer.start();
        return new TestBus(server, server.url(), settings, Clock.systemUTC());
    }

    static TestBus start(String settings, Clock clock) throws Exception {
        NatsServer server = NatsServer.start();
        return new TestBus(server, server.url(), settings, clock);
    }

    /** @param url of what lies between the bus and its server */
    static TestBus through(NatsServer server, String url) throws Exception {
        return new TestBus(server, url, "", Clock.systemUTC());
    }

    /** Records what passes; the rest "cannot be recorded now". */
    Recorder recorder(Predicate<Batch> passes) {
        return batch -> passes.test(batch)
                ? take(batch)
                : CompletableFuture.failedFuture(new Unavailable("the journal is away", 1, null));
    }

    CompletionStage<Receipt> take(Batch batch) {
        recorded.add(batch);
        return CompletableFuture.completedFuture(new Receipt(batch.samples().size(), 0, 0, true));
    }

    Batch send(String source) throws Exception {
        Batch batch = BusContract.batch(source);
        bus.record(batch).toCompletableFuture().get(20, TimeUnit.SECONDS);
        return batch;
    }

    boolean isRecorded(Batch batch) {
        return recorded.contains(batch);
    }

    long messages(String stream) throws IOException, JetStreamApiException {
        return operator.jetStreamManagement()
                .getStreamInfo(stream)
                .getStreamState()
                .getMsgCount();
    }

    ConsumerInfo consumer() throws IOException, JetStreamApiException {
        return operator.jetStreamManagement().getConsumerInfo(TelemetryStream.NAME, TelemetryStream.CONSUMER);
    }

    List<DeadLetter> letters() throws Exception {
        try (DeadLetterBox box = DeadLetterBox.open(TestSettings.at(server))) {
            return box.find(LetterFilter.ALL, 1_000);
        }
    }

    @Override
    public void close() throws IOException {
        bus.close();
        try {
            operator.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.close();
    }
}
