package io.sonde.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on loopback that misbehaves when told: a cut cable, a half-open connection, a slow line, an answer that is lost.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;
    private static final int CONNECT_MS = 5_000;

    private enum Line {
        FLOWING,
        /** Connections stay and are taken, and nothing moves on them. */
        HANGING,
        /** No connection lives and none is taken. */
        CUT
    }

    private final ServerSocket server;
    private final InetSocketAddress target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<String> cutSources = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable String> cutAnswerTo = new AtomicReference<>();
    private final AtomicInteger answersCut = new AtomicInteger();
    private volatile Duration latency = Duration.ZERO;
    private Line line = Line.FLOWING;

    private FaultProxy(ServerSocket server, InetSocketAddress target) {
        this.server = server;
        this.target = target;
        thread("accept", this::accept);
    }

    /** In front of a port of 127.0.0.1, on a free one. */
    public static FaultProxy to(int targetPort) throws IOException {
        return between(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort));
    }

    public static FaultProxy between(InetSocketAddress listen, InetSocketAddress target) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(listen);
        return new FaultProxy(server, target);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** As a pulled cable with a reset: connections end now, and new ones as soon as they are taken. */
    public void cut() {
        change(Line.CUT);
        closeAll();
    }

    /** As a half-open connection: nobody is told anything, and nothing arrives. */
    public void hang() {
        change(Line.HANGING);
    }

    /** Back to normal; what hung moves on. */
    public void resume() {
        cutSources.clear();
        change(Line.FLOWING);
    }

    /** Cuts those alone who connect from this address; until {@link #resume}. */
    public void cutFrom(InetAddress source) {
        cutSources.add(source.getHostAddress());
        sockets.stream()
                .filter(socket -> source.equals(socket.getInetAddress()))
                .forEach(FaultProxy::close);
    }

    /** Each piece of data is this much later. */
    public void delay(Duration by) {
        latency = by;
    }

    /** Once: lets the next request that contains this text through, and cuts its connection before the answer. */
    public void cutAnswerTo(String text) {
        cutAnswerTo.set(text);
    }

    /** How many answers were lost by {@link #cutAnswerTo}. */
    public int answersCut() {
        return answersCut.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
        change(Line.CUT);
        closeAll();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                if (line() == Line.CUT
                        || cutSources.contains(client.getInetAddress().getHostAddress())) {
                    reset(client);
                } else {
                    connect(client);
                }
            } catch (IOException closed) {
                // Either the proxy ends, or one connection did.
            }
        }
    }

    private void connect(Socket client) throws IOException {
        Socket upstream = new Socket();
        try {
            upstream.connect(target, CONNECT_MS);
        } catch (IOException e) {
            close(upstream);
            reset(client);
            return;
        }
        client.setTcpNoDelay(true);
        upstream.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(upstream);
        AtomicBoolean answerLost = new AtomicBoolean();
        thread(
                "up",
                () -> pump(client, upstream, (data, size) -> {
                    if (isToBeCut(data, size)) {
                        answerLost.set(true);
                    }
                    return true;
                }));
        thread(
                "down",
                () -> pump(upstream, client, (data, size) -> {
                    if (answerLost.get()) {
                        answersCut.incrementAndGet();
                    }
                    return !answerLost.get();
                }));
    }

    /** Looks at a piece of data on its way; false ends the connection before it arrives. */
    private interface Passage {
        boolean passes(byte[] data, int size);
    }

    private void pump(Socket from, Socket to, Passage passage) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitFlow();
                if (!passage.passes(buffer, read)) {
                    break;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException | InterruptedException ended) {
            // As either side's end: both end.
        } finally {
            close(from);
            close(to);
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private boolean isToBeCut(byte[] buffer, int read) {
        String text = cutAnswerTo.get();
        return text != null
                && new String(buffer, 0, read, StandardCharsets.ISO_8859_1).contains(text)
                && cutAnswerTo.compareAndSet(text, null);
    }

    private void awaitFlow() throws InterruptedException {
        if (!latency.isZero()) {
            Thread.sleep(latency.toMillis());
        }
        synchronized (this) {
            while (line == Line.HANGING) {
                wait();
            }
        }
    }

    private synchronized void change(Line to) {
        line = to;
        notifyAll();
    }

    private synchronized Line line() {
        return line;
    }

    private void closeAll() {
        sockets.forEach(FaultProxy::close);
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // Nothing is left to close.
        }
    }

    private static void thread(String what, Runnable task) {
        Thread thread = new Thread(task, "fault-proxy-" + what);
        thread.setDaemon(true);
        thread.start();
    }
}
