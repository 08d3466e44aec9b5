package io.sonde.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Stands in for a node: answers every request with one status and notes the ids of the events it took, in order. */
final class NoteTakingNode implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private volatile int status = 202;
    private volatile int largest;

    private NoteTakingNode(HttpServer server) {
        this.server = server;
        server.createContext("/api/v1/events", this::answer);
        server.start();
    }

    static NoteTakingNode on(int port) throws IOException {
        return new NoteTakingNode(HttpServer.create(address(port), 0));
    }

    static NoteTakingNode on(int port, ThrowawayCertificate certificate) throws IOException, GeneralSecurityException {
        char[] none = {};
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("node", certificate.key(), none, new Certificate[] {certificate.certificate()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, none);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(address(port), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return new NoteTakingNode(server);
    }

    void answerWith(int other) {
        status = other;
    }

    List<String> taken() {
        return taken;
    }

    /** Events in the largest request that was taken. */
    int largest() {
        return largest;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode events = JSON.readTree(new GZIPInputStream(exchange.getRequestBody()));
        int answered = status;
        if (answered == 202) {
            List<String> ids = new ArrayList<>();
            events.forEach(event -> ids.add(event.get("event_id").asText()));
            taken.addAll(ids);
            largest = Math.max(largest, ids.size());
        }
        byte[] answer = ("{\"accepted\":" + events.size() + "}").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answered, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }
}
