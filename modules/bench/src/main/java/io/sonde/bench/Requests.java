package io.sonde.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/** All requests of a load, client by client; one that is on its way is not among them. */
final class Requests {
    private final LoadShape shape;
    private final SplittableRandom random;
    private final Deque<RenderedRequest> all = new ArrayDeque<>();
    private final WindowCounts acknowledged = new WindowCounts();

    private Requests(LoadShape shape, SplittableRandom random) {
        this.shape = shape;
        this.random = random;
    }

    /** @param prefix how the names of the clients begin */
    static Requests render(Dialect dialect, URI server, String prefix, LoadShape shape) {
        Requests requests = new Requests(shape, new SplittableRandom());
        SplittableRandom measured = new SplittableRandom(1);
        for (int body = 0; body < shape.bodiesPerClient(); body++) {
            for (int client = 0; client < shape.clients(); client++) {
                requests.all.add(RenderedRequest.render(dialect, server, prefix + client, body, shape, measured));
            }
        }
        return requests;
    }

    /** The next, with new events in it. */
    RenderedRequest take() {
        RenderedRequest next = all.remove();
        next.next(System.currentTimeMillis() - shape.ageMs(), shape.duplicates(), random);
        return next;
    }

    /** Counts it and sends it again some time; not what was never acknowledged: nobody knows what became of that. */
    void acknowledged(RenderedRequest request) {
        request.count(acknowledged);
        all.add(request);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** As it goes over the wire. */
    byte[] wire(RenderedRequest request) {
        return shape.gzip() ? compressed(request.bytes(), request.bodyAt()) : request.bytes();
    }

    /** What has been acknowledged until now, while nothing is on its way. */
    WindowCounts acknowledged() {
        all.forEach(request -> request.flush(acknowledged));
        return acknowledged;
    }

    private static byte[] compressed(byte[] request, int bodyAt) {
        try {
            ByteArrayOutputStream body = new ByteArrayOutputStream(request.length);
            try (GZIPOutputStream gzip = new GZIPOutputStream(body)) {
                gzip.write(request, bodyAt, request.length - bodyAt);
            }
            String head = new String(request, 0, bodyAt, StandardCharsets.US_ASCII)
                    .replaceFirst("Content-Length: \\d+", "Content-Encoding: gzip\r\nContent-Length: " + body.size());
            ByteArrayOutputStream all = new ByteArrayOutputStream(head.length() + body.size());
            all.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
            body.writeTo(all);
            return all.toByteArray();
        } catch (IOException inMemory) {
            throw new IllegalStateException(inMemory);
        }
    }
}
