package io.sonde.app.web;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sonde.edge.EdgeServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class BrowserHeadersIT {
    private static final ActorSystem SYSTEM = ActorSystem.create("headers", ConfigFactory.defaultReference());
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @AfterAll
    static void stop() throws Exception {
        SYSTEM.terminate();
        SYSTEM.getWhenTerminated().toCompletableFuture().get();
    }

    @Test
    void aPortThatSpeaksTlsSaysThatItIsToBeAskedByNothingElse() throws Exception {
        assertThat(headers(true, StatusCodes.OK).firstValue("Strict-Transport-Security"))
                .hasValue("max-age=31536000");
        assertThat(headers(false, StatusCodes.OK).firstValue("Strict-Transport-Security"))
                .isEmpty();
    }

    @Test
    void whatProbesGetByTheThousandIsShort() throws Exception {
        assertThat(headers(true, StatusCodes.ACCEPTED).firstValue("Content-Security-Policy"))
                .isEmpty();
    }

    private static HttpHeaders headers(boolean secured, StatusCode status) throws Exception {
        ServerBinding binding = EdgeServer.plain("127.0.0.1", 0)
                .bind(SYSTEM, BrowserHeaders.on(secured, complete(status)))
                .toCompletableFuture()
                .get();
        int port = binding.localAddress().getPort();
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port))
                    .build();
            return HTTP.send(request, BodyHandlers.discarding()).headers();
        } finally {
            binding.unbind().toCompletableFuture().get();
        }
    }
}
