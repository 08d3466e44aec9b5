package io.sonde.probe;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Talks to the node with the probe's token. Its connections are no measurement and are kept; redirects are not followed. */
final class NodeClient {
    /** Bytes; more than a node says of the largest request. */
    private static final int LONGEST_ANSWER = 512 * 1024;

    private final String token;
    private final Duration timeout;
    private final HttpClient client;

    NodeClient(UploadSettings settings) throws GeneralSecurityException {
        this.token = settings.token();
        this.timeout = settings.timeout();
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {settings.trust()}, null);
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .sslContext(tls)
                .executor(Executors.newSingleThreadExecutor(task -> {
                    var thread = new Thread(task, "sonde-probe-upload");
                    thread.setDaemon(true);
                    return thread;
                }))
                .build();
    }

    /** The whole answer within its time; its body empty when it is longer than any of a node's. */
    CompletableFuture<HttpResponse<Optional<byte[]>>> send(HttpRequest.Builder request) {
        CompletableFuture<HttpResponse<Optional<byte[]>>> exchange = client.sendAsync(
                request.header("Authorization", "Bearer " + token).build(), head -> new LimitedBody(LONGEST_ANSWER));
        // HttpRequest.timeout ends with the head of the answer (JDK-8208693), and a future that timed out cancels
        // nothing.
        return exchange.copy()
                .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((answer, failure) -> exchange.cancel(true));
    }
}
