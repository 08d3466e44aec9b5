package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.testkit.PostgresServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The web application as a browser gets it from a node. */
class WebApplicationIT {
    private static final Pattern PART = Pattern.compile("(?:src|href)=\"(/[^\"]+)\"");
    /** What one waits for at first, script and style and page together, as they are sent. */
    private static final int BUDGET_BYTES = 200 << 10;

    private static final Node NODE =
            Node.start(TestNode.config(PostgresServer.shared().newDatabase(), Map.of()));
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @AfterAll
    static void stop() {
        NODE.close();
    }

    @Test
    void thePageNamesPartsThatAreThereAndSmall() throws Exception {
        HttpResponse<byte[]> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=UTF-8");
        assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-cache");
        int bytes = page.body().length;
        List<String> parts = parts(text(page));
        assertThat(parts).anyMatch(part -> part.endsWith(".js")).anyMatch(part -> part.endsWith(".css"));
        for (String part : parts) {
            HttpResponse<byte[]> answer = get(part);
            assertThat(answer.statusCode()).as(part).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
            bytes += answer.body().length;
        }
        assertThat(bytes).isBetween(10_000, BUDGET_BYTES);
    }

    @Test
    void whatIsNamedByItsContentIsKeptForEver() throws Exception {
        for (String part : parts(text(get("/")))) {
            assertThat(get(part).headers().firstValue("Cache-Control"))
                    .hasValue(part.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/nowhere", "/api/v1/windows", "/readyz", "/api/openapi.json"})
    void browsersAreToldWhatThePageMay(String path) throws Exception {
        HttpResponse<byte[]> answer = get(path);

        assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
        assertThat(answer.headers().firstValue("Strict-Transport-Security")).isEmpty();
    }

    @Test
    void thePageHoldsNothingThatItsPolicyForbids() throws Exception {
        assertThat(text(get("/")))
                .doesNotContain("<style", "style=", "onload=")
                .doesNotContainPattern("<script(?![^>]*src=)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/",
                "/assets/..%2Findex.html",
                "/assets/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/openapi.json",
                "/index.html"
            })
    void nothingElseOfTheArchiveIsServed(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void itIsReadAndNothingElse() throws Exception {
        HttpRequest post = HttpRequest.newBuilder(uri("/"))
                .POST(BodyPublishers.ofString("x"))
                .build();

        assertThat(HTTP.send(post, BodyHandlers.discarding()).statusCode()).isEqualTo(405);
    }

    private static HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(uri(path))
                        .header("Accept-Encoding", "gzip")
                        .build(),
                BodyHandlers.ofByteArray());
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + NODE.httpPort() + path);
    }

    private static String text(HttpResponse<byte[]> answer) throws IOException {
        boolean zipped = answer.headers().firstValue("Content-Encoding").isPresent();
        byte[] body = answer.body();
        return new String(
                zipped ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes() : body,
                StandardCharsets.UTF_8);
    }

    private static List<String> parts(String page) {
        List<String> parts = new ArrayList<>();
        Matcher matcher = PART.matcher(page);
        while (matcher.find()) {
            parts.add(matcher.group(1));
        }
        return parts;
    }
}
