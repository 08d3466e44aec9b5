package io.sonde.edge;

import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;

import io.sonde.core.Authority;
import io.sonde.core.Counters;
import io.sonde.core.Grant;
import io.sonde.core.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * The door: lets a request through with the {@link Grant} of its token (RFC 6750, {@code Authorization: Bearer} alone; a
 * token in a URL would end in logs). Who is turned away is counted as {@code edge_auth_failures_total} by reason.
 */
public final class Access {
    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/=-]{1,200})");

    private final Authority authority;
    private final Counters counters;

    public Access(Authority authority, Counters counters) {
        this.authority = authority;
        this.counters = counters;
    }

    /** 401 without a good token, 403 when it is for something else, 503 when it cannot be checked. */
    public Route require(Scope scope, Function<Grant, Route> inner) {
        return extractRequest(request -> {
            List<String> sent = authorizations(request);
            if (sent.isEmpty()) {
                return refuse(
                        request, "missing", unauthorized("Bearer", "Send a token as Authorization: Bearer sonde_…"));
            }
            Matcher bearer = BEARER.matcher(sent.get(0));
            if (sent.size() > 1 || !bearer.matches()) {
                return refuse(request, "malformed", invalid("Expected one header Authorization: Bearer sonde_…"));
            }
            return onSuccess(authority.grant(bearer.group(1)), grant -> decide(request, scope, grant, inner));
        });
    }

    /** Counts a request that named another client than its token's. */
    void foreignClient() {
        failed("client");
    }

    private Route decide(HttpRequest request, Scope scope, Optional<Grant> grant, Function<Grant, Route> inner) {
        if (grant.isEmpty()) {
            return refuse(request, "unknown", invalid("The token is unknown, mistyped, revoked or expired."));
        }
        return grant.get().allows(scope)
                ? inner.apply(grant.get())
                : refuse(request, "scope", forbidden(scope, grant.get().scope()));
    }

    private Route refuse(HttpRequest request, String reason, HttpResponse answer) {
        failed(reason);
        return Unread.answer(request, answer);
    }

    private void failed(String reason) {
        counters.increment("edge_auth_failures_total{reason=\"" + reason + "\"}");
    }

    private static List<String> authorizations(HttpRequest request) {
        List<String> values = new ArrayList<>(1);
        for (HttpHeader header : request.getHeaders()) {
            if (header.is("authorization")) {
                values.add(header.value());
            }
        }
        return values;
    }

    private static HttpResponse invalid(String detail) {
        return unauthorized("Bearer error=\"invalid_token\"", detail);
    }

    private static HttpResponse unauthorized(String challenge, String detail) {
        return new Problem(401, "unauthorized", "Not authorized", detail)
                .response()
                .addHeader(RawHeader.create("WWW-Authenticate", challenge));
    }

    /** {@code read, operate or admin} */
    private static String enough(Scope wanted) {
        String all = Stream.of(Scope.values())
                .filter(scope -> scope.includes(wanted))
                .map(Scope::code)
                .collect(Collectors.joining(", "));
        return all.replaceFirst(", (\\w+)$", " or $1");
    }

    private static HttpResponse forbidden(Scope wanted, Scope held) {
        return new Problem(
                        403,
                        "wrong-scope",
                        "Token is for something else",
                        "This needs a token of scope " + enough(wanted) + "; the one sent is of scope " + held.code()
                                + ".")
                .response();
    }
}
