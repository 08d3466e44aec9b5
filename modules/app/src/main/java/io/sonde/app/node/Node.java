package io.sonde.app.node;

import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;

/** A running node. */
public final class Node implements AutoCloseable {
    private final HttpServer server;

    private Node(HttpServer server) {
        this.server = server;
    }

    public static Node start(Config config) {
        try {
            HttpServer server = HttpServer.create(
                    new InetSocketAddress(config.getString("sonde.http.host"), config.getInt("sonde.http.port")), 0);
            server.start();
            return new Node(server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int httpPort() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
