package io.sonde.notify;

import io.sonde.core.Unavailable;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Posts JSON to receivers, all of them through one client. It follows no redirect: what is signed is for one receiver. */
final class HttpSender {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int NOT_NOW = 503;
    private static final Pattern SECONDS = Pattern.compile("\\d{1,5}");

    private final HttpClient client;
    private final Duration timeout;

    /** @param timeout from the first attempt to connect to the end of the answer */
    HttpSender(Duration timeout) {
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
        this.timeout = timeout;
    }

    /**
     * Completes with status and beginning of a 2xx. Fails with {@link Unavailable} when the receiver says how long to wait,
     * with {@link NotTaken} otherwise.
     *
     * @param hide takes secrets out of what a receiver answers; those of its address are taken out anyway
     */
    CompletionStage<String> post(
            Address receiver, String body, Map<String, String> headers, UnaryOperator<String> hide) {
        HttpRequest.Builder request = HttpRequest.newBuilder(receiver.uri())
                .header("Content-Type", "application/json; charset=utf-8")
                .header("User-Agent", "Sonde")
                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        headers.forEach(request::header);
        CompletableFuture<HttpResponse<String>> sent = client.sendAsync(request.build(), head -> new Beginning());
        return sent.copy().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS).handle((response, failure) -> {
            if (failure != null) {
                sent.cancel(true);
                throw new NotTaken(receiver + ": " + receiver.hideIn(hide.apply(reason(failure))));
            }
            return answer(receiver, response, hide);
        });
    }

    private static String answer(Address receiver, HttpResponse<String> response, UnaryOperator<String> hide) {
        int status = response.statusCode();
        String said = status + " " + Wording.inOneLine(receiver.hideIn(hide.apply(response.body())));
        if (status / 100 == 2) {
            return said.strip();
        }
        String message = receiver + " answered " + said.strip();
        OptionalInt wait =
                status == TOO_MANY_REQUESTS || status == NOT_NOW ? retryAfter(response) : OptionalInt.empty();
        if (wait.isPresent()) {
            throw new Unavailable(message, wait.getAsInt(), null);
        }
        throw new NotTaken(message);
    }

    /** RFC 9110 §10.2.3, in seconds; a date counts as not said. */
    private static OptionalInt retryAfter(HttpResponse<String> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(value -> SECONDS.matcher(value).matches())
                .map(value -> OptionalInt.of(Integer.parseInt(value)))
                .orElse(OptionalInt.empty());
    }

    private String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof TimeoutException) {
            return "no answer within " + timeout.toMillis() + " ms";
        }
        @Nullable String message = cause.getMessage();
        if (cause instanceof ConnectException) {
            return "cannot be connected to" + (message == null ? "" : " (" + message + ")");
        }
        return cause.getClass().getSimpleName() + (message == null ? "" : " (" + Wording.inOneLine(message) + ")");
    }
}
