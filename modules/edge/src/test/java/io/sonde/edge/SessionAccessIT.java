package io.sonde.edge;

import static io.sonde.edge.IngestRoutesIT.assertProblem;
import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Counters;
import io.sonde.core.Grant;
import io.sonde.core.Scope;
import io.sonde.core.Session;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The door for people: a cookie, and what another site cannot know. */
class SessionAccessIT {
    private static final Counters COUNTERS = new Counters();
    private static final TestEdge EDGE = TestEdge.serving(access().require(
                    Scope.OPERATE,
                    grant -> complete(grant.who() + " " + grant.scope().code())));

    private static Access access() {
        return new Access(
                token -> CompletableFuture.completedFuture(
                        token.equals("good") ? Optional.of(grant("token", Scope.OPERATE)) : Optional.empty()),
                secret -> CompletableFuture.completedFuture(session(secret)),
                COUNTERS);
    }

    private static Optional<Session> session(String secret) {
        return switch (secret) {
            case "operator" -> Optional.of(of(grant("eva", Scope.OPERATE), false));
            case "viewer" -> Optional.of(of(grant("tom", Scope.READ), false));
            case "must-change" -> Optional.of(of(grant("new", Scope.ADMIN), true));
            default -> Optional.empty();
        };
    }

    private static Session of(Grant grant, boolean mustChange) {
        return new Session("id", grant, "csrf", mustChange, Instant.MAX);
    }

    private static Grant grant(String who, Scope scope) {
        return new Grant(who, "default", scope, null);
    }

    @Test
    void theCookieIsTakenWhereNoTokenIsSent() {
        assertThat(get("Cookie", "sonde_session=operator").body()).isEqualTo("eva operate");
        assertThat(get("Cookie", "theme=dark; sonde_session=operator").body()).isEqualTo("eva operate");
        assertThat(get("Cookie", "sonde_session=operator", "Authorization", "Bearer good")
                        .body())
                .isEqualTo("token operate");
    }

    @Test
    void aBadTokenIsNotMadeGoodByACookie() {
        assertProblem(get("Cookie", "sonde_session=operator", "Authorization", "Bearer bad"), 401, "unauthorized");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sonde_session=",
                "sonde_session=ended",
                "other=operator",
                "sonde_session=operator; sonde_session=viewer",
                "SONDE_SESSION=operator"
            })
    void aCookieOfNoSessionAndTwoOfThemAreNone(String cookie) {
        assertProblem(get("Cookie", cookie), 401, "unauthorized");
    }

    @Test
    void aRoleThatIsTooLittleIsSaid() {
        HttpResponse<String> answer = get("Cookie", "sonde_session=viewer");

        assertProblem(answer, 403, "wrong-scope");
        assertThat(answer.body()).contains("scope operate or admin", "your role is of scope read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
    void whatChangesSomethingHasToShowWhatAnotherSiteCannotKnow(String method) {
        assertProblem(send(method, "Cookie", "sonde_session=operator"), 403, "csrf");
        assertProblem(send(method, "Cookie", "sonde_session=operator", "X-CSRF-Token", "other"), 403, "csrf");
        assertThat(send(method, "Cookie", "sonde_session=operator", "X-CSRF-Token", "csrf")
                        .body())
                .isEqualTo("eva operate");
        assertThat(send(method, "Authorization", "Bearer good").body())
                .as("no browser sends a token by itself")
                .isEqualTo("token operate");
    }

    @Test
    void whoHasToChooseAPasswordDoesNothingBefore() {
        assertProblem(get("Cookie", "sonde_session=must-change"), 403, "password-change");
    }

    @Test
    void whoIsTurnedAwayIsCounted() {
        get("Cookie", "sonde_session=ended");
        send("POST", "Cookie", "sonde_session=operator");

        assertThat(COUNTERS.snapshot())
                .containsKey("edge_auth_failures_total{reason=\"session\"}")
                .containsKey("edge_auth_failures_total{reason=\"csrf\"}");
    }

    private static HttpResponse<String> get(String... headers) {
        return send("GET", headers);
    }

    private static HttpResponse<String> send(String method, String... headers) {
        return EDGE.exchange(EDGE.request("/")
                .headers(headers)
                .method(method, BodyPublishers.noBody())
                .build());
    }
}
