package io.sonde.target;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** One listening port: a thread that accepts, and at most {@value #CONNECTIONS} threads that answer. */
final class Listener implements AutoCloseable {
    /** More than that wait in the kernel's backlog. */
    static final int CONNECTIONS = 64;

    private static final int BACKLOG = 256;
    private static final int IDLE_LIMIT_MS = 10_000;

    /** Puts what a port speaks over an accepted socket; done on the connection's own thread. */
    interface Layer {
        Socket over(Socket socket) throws IOException, InterruptedException;
    }

    private final ServerSocket server;
    private final Layer layer;
    private final Admin admin;
    private final ExecutorService threads;
    private final Semaphore free = new Semaphore(CONNECTIONS);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Listener(String name, ServerSocket server, Layer layer, Admin admin) {
        this.server = server;
        this.layer = layer;
        this.admin = admin;
        var count = new AtomicInteger();
        this.threads = Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task, "sonde-target-" + name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    static Listener open(String name, InetAddress bind, int port, Layer layer, Admin admin) throws IOException {
        var server = new ServerSocket();
        try {
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(bind, port), BACKLOG);
        } catch (IOException e) {
            server.close();
            throw cannotListen(bind, port, e);
        }
        var listener = new Listener(name, server, layer, admin);
        listener.threads.execute(listener::accept);
        return listener;
    }

    int port() {
        return server.getLocalPort();
    }

    /** Ends connections that are under way, too. */
    @Override
    public void close() {
        threads.shutdownNow();
        closeQuietly(server);
        open.forEach(Listener::closeQuietly);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                free.acquire();
                Socket socket = server.accept();
                open.add(socket);
                threads.execute(() -> answer(socket));
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException e) {
                free.release();
            }
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            socket.setSoTimeout(IDLE_LIMIT_MS);
            socket.setTcpNoDelay(true);
            Connection.answer(socket, layer.over(socket), admin);
        } catch (IOException gone) {
            // The client went away or did not want our certificate: both are what this server is for.
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
            free.release();
        }
    }

    private static IOException cannotListen(InetAddress bind, int port, IOException cause) {
        String where = bind.getHostAddress() + " port " + port;
        if (cause instanceof BindException && port < 1024) {
            return new IOException(
                    "the test target cannot listen on " + where + " (" + cause.getMessage()
                            + "); ports under 1024 are for root, choose another",
                    cause);
        }
        return new IOException(
                "the test target cannot listen on " + where + " (" + cause.getMessage()
                        + "); stop what listens there or choose another port",
                cause);
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // Closing is all that was wanted.
        }
    }
}
