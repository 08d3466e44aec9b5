package io.sonde.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** One kept-alive connection of a {@link Sender}, and the request that is on its way there. */
final class Exchange {
    private static final int CONNECT_LIMIT_MS = 5_000;

    private final InetSocketAddress server;
    private final AnswerBuffer answer = new AnswerBuffer();
    private Optional<SocketChannel> channel = Optional.empty();
    private Optional<RenderedRequest> request = Optional.empty();
    private byte[] bytes = {};
    private int attempts;
    private long intended;
    private long sentAt;

    Exchange(InetSocketAddress server) {
        this.server = server;
    }

    /**
     * @param wire the request as it goes over the wire
     * @param intendedNanos when it should have been sent
     */
    void begin(RenderedRequest next, byte[] wire, long intendedNanos) {
        request = Optional.of(next);
        bytes = wire;
        intended = intendedNanos;
        attempts = 0;
    }

    /** Connects where that is not done, and sends all of it. */
    void send(Selector selector) throws IOException {
        attempts++;
        sentAt = System.nanoTime();
        if (channel.isEmpty()) {
            channel = Optional.of(connect(selector));
        }
        answer.clear();
        ByteBuffer out = ByteBuffer.wrap(bytes);
        // The socket takes more than a request at once, and nothing else is on its way.
        while (out.hasRemaining()) {
            channel.get().write(out);
        }
    }

    /** Reads what is there. */
    void read() throws IOException {
        answer.read(channel.orElseThrow());
    }

    /** What has come of the answer. */
    AnswerBuffer answer() {
        return answer;
    }

    RenderedRequest request() {
        return request.orElseThrow();
    }

    Dialect.Said said() {
        return new Dialect.Said(request().size(), request().repeated(), attempts);
    }

    int attempts() {
        return attempts;
    }

    long intended() {
        return intended;
    }

    /** When it was last sent. */
    long sentAt() {
        return sentAt;
    }

    /** True while an answer is awaited. */
    boolean isOpen() {
        return channel.isPresent();
    }

    void disconnect() {
        try {
            if (channel.isPresent()) {
                channel.get().close();
            }
        } catch (IOException gone) {
            // It is gone either way.
        }
        channel = Optional.empty();
    }

    private SocketChannel connect(Selector selector) throws IOException {
        SocketChannel made = SocketChannel.open();
        try {
            made.setOption(StandardSocketOptions.TCP_NODELAY, true);
            made.socket().connect(server, CONNECT_LIMIT_MS);
            made.configureBlocking(false);
            made.register(selector, SelectionKey.OP_READ, this);
            return made;
        } catch (IOException e) {
            made.close();
            throw e;
        }
    }
}
