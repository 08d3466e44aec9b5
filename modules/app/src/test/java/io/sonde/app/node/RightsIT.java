package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.app.tokens.NewToken;
import io.sonde.app.tokens.TokenTable;
import io.sonde.core.Scope;
import io.sonde.query.DocumentedRoutes;
import io.sonde.testkit.PostgresServer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may do what at a whole node: each route that the node says it has, by each kind of holder. */
class RightsIT {
    private static final String PASSWORD = "correct horse battery";
    /** Whose events are sent, and whatever a path names. */
    private static final String CLIENT = "berlin-1";

    private static final String SIGN_OUT = "DELETE /api/v1/session";
    private static final PostgresServer.Database DATABASE =
            PostgresServer.shared().newDatabase();

    private enum Need {
        NOTHING,
        TO_BE_KNOWN,
        INGEST,
        READ_OR_OWN,
        READ,
        OPERATE,
        ADMIN;

        boolean isMetBy(Scope held) {
            return switch (this) {
                case NOTHING, TO_BE_KNOWN -> true;
                case INGEST -> held.includes(Scope.INGEST);
                case READ, READ_OR_OWN -> held.includes(Scope.READ);
                case OPERATE -> held.includes(Scope.OPERATE);
                case ADMIN -> held.includes(Scope.ADMIN);
            };
        }
    }

    /** Each documented route has its place here: a new one fails the first test until somebody has thought of it. */
    private static final Map<Need, Set<String>> ROUTES = new EnumMap<>(Map.of(
            Need.NOTHING,
            Set.of(
                    "GET /api/openapi.json",
                    "GET /healthz",
                    "GET /readyz",
                    "GET /metrics",
                    "POST /api/v1/session",
                    "GET /api/v1/session/ways",
                    "GET /api/v1/session/oidc",
                    "GET /api/v1/session/oidc/callback"),
            Need.TO_BE_KNOWN,
            Set.of("GET /api/v1/session", SIGN_OUT, "POST /api/v1/session/password"),
            Need.INGEST,
            Set.of("POST /api/v1/events"),
            Need.READ_OR_OWN,
            Set.of("GET /api/v1/probes/{id}/config"),
            Need.READ,
            Set.of(
                    "GET /api/v1/windows",
                    "GET /api/v1/live",
                    "GET /api/v1/overview",
                    "GET /api/v1/stream",
                    "GET /api/v1/worst",
                    "GET /api/v1/series",
                    "GET /api/v1/series/distribution",
                    "GET /api/v1/export",
                    "GET /api/v1/clients",
                    "GET /api/v1/targets",
                    "GET /api/v1/diagnoses",
                    "GET /api/v1/incidents",
                    "GET /api/v1/incidents/{id}",
                    "GET /api/v1/problems",
                    "GET /api/v1/problems/{id}",
                    "GET /api/v1/silences",
                    "GET /api/v1/upkeep",
                    "GET /api/v1/probes"),
            Need.OPERATE,
            Set.of("POST /api/v1/incidents/{id}/ack", "POST /api/v1/silences", "DELETE /api/v1/silences/{id}"),
            Need.ADMIN,
            Set.of(
                    "GET /api/v1/counters",
                    "GET /api/v1/log-levels",
                    "PUT /api/v1/log-levels/{logger}",
                    "DELETE /api/v1/log-levels/{logger}",
                    "GET /api/v1/users",
                    "POST /api/v1/users",
                    "PATCH /api/v1/users/{name}",
                    "DELETE /api/v1/users/{name}",
                    "POST /api/v1/users/{name}/password",
                    "GET /api/v1/tokens",
                    "POST /api/v1/tokens",
                    "DELETE /api/v1/tokens/{id}",
                    "GET /api/v1/audit",
                    "GET /api/v1/settings",
                    "PUT /api/v1/settings/thresholds",
                    "POST /api/v1/settings/thresholds/preview",
                    "PUT /api/v1/probes/{id}/config",
                    "DELETE /api/v1/probes/{id}/config")));

    private enum Holder {
        NOBODY(null),
        GUESSER(null),
        INGEST_TOKEN(Scope.INGEST),
        INGEST_TOKEN_OF_THE_CLIENT(Scope.INGEST),
        INGEST_TOKEN_OF_ANOTHER_CLIENT(Scope.INGEST),
        READ_TOKEN(Scope.READ),
        OPERATE_TOKEN(Scope.OPERATE),
        ADMIN_TOKEN(Scope.ADMIN),
        VIEWER(Scope.READ),
        OPERATOR(Scope.OPERATE),
        ADMIN(Scope.ADMIN),
        ADMIN_WITHOUT_CSRF(Scope.ADMIN);

        private final @Nullable Scope scope;

        Holder(@Nullable Scope scope) {
            this.scope = scope;
        }
    }

    private static Node node;

    @BeforeAll
    static void start() {
        TestPeople people = new TestPeople(DATABASE, PASSWORD);
        for (String role : List.of("viewer", "operator", "admin")) {
            people.add(role + "-1", role);
        }
        node = Node.start(TestNode.config(DATABASE, Map.of()));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void eachDocumentedRouteIsForSomebody() {
        Set<String> placed = new HashSet<>();
        ROUTES.values().forEach(placed::addAll);

        assertThat(placed).containsExactlyInAnyOrderElementsOf(documented());
    }

    @ParameterizedTest
    @EnumSource(Holder.class)
    void eachRouteLetsInWhomItIsForAndNobodyElse(Holder holder) {
        Browser browser = browser(holder);
        for (String route : documented()) {
            String[] parts = route.split(" ", 2);
            boolean events = route.equals("POST /api/v1/events");
            String path = parts[1].replaceAll("\\{\\w+}", CLIENT);

            int status = browser.send(parts[0], path, events ? event() : parts[0].equals("GET") ? "" : "{}")
                    .status();

            assertThat(status).as(holder + " at " + route).satisfies(code -> {
                switch (expected(holder, route)) {
                    case 401 -> assertThat(code).isEqualTo(401);
                    case 403 -> assertThat(code).isEqualTo(403);
                    default -> assertThat(code).isLessThan(500).isNotIn(401, 403, 405);
                }
            });
        }
    }

    private static int expected(Holder holder, String route) {
        Need need = ROUTES.entrySet().stream()
                .filter(entry -> entry.getValue().contains(route))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
        if (need == Need.NOTHING) {
            return 200;
        }
        Scope held = holder.scope;
        if (held == null) {
            return 401;
        }
        if (holder == Holder.ADMIN_WITHOUT_CSRF && !route.startsWith("GET ")) {
            return 403;
        }
        if (holder == Holder.INGEST_TOKEN_OF_THE_CLIENT && need == Need.READ_OR_OWN) {
            return 200;
        }
        boolean isForeign = holder == Holder.INGEST_TOKEN_OF_ANOTHER_CLIENT && need != Need.TO_BE_KNOWN;
        return !isForeign && need.isMetBy(held) ? 200 : 403;
    }

    private static Browser browser(Holder holder) {
        Browser browser = new Browser(node);
        return switch (holder) {
            case NOBODY -> browser;
            case GUESSER -> browser.with("Authorization", "Bearer sonde_admin_" + "0".repeat(43) + "_00000000");
            case INGEST_TOKEN, READ_TOKEN, OPERATE_TOKEN, ADMIN_TOKEN -> withToken(browser, holder, null);
            case INGEST_TOKEN_OF_THE_CLIENT -> withToken(browser, holder, CLIENT);
            case INGEST_TOKEN_OF_ANOTHER_CLIENT -> withToken(browser, holder, "paris-1");
            case VIEWER, OPERATOR, ADMIN -> signedIn(browser, holder.name());
            case ADMIN_WITHOUT_CSRF -> signedIn(browser, "admin").with("X-CSRF-Token", "");
        };
    }

    private static Browser signedIn(Browser browser, String role) {
        assertThat(browser.signIn(role.toLowerCase(Locale.ROOT) + "-1", PASSWORD)
                        .status())
                .isEqualTo(200);
        return browser;
    }

    private static Browser withToken(Browser browser, Holder holder, @Nullable String client) {
        Scope scope = holder.scope;
        assertThat(scope).isNotNull();
        String token = new TokenTable(DATABASE.dataSource(), Clock.systemUTC(), new SecureRandom())
                .create(new NewToken("default", scope, client, "", null))
                .token()
                .text();
        return browser.with("Authorization", "Bearer " + token);
    }

    /** In the order of their paths, but the last thing that anybody does is to sign out. */
    private static List<String> documented() {
        List<String> routes = new ArrayList<>();
        DocumentedRoutes.methods()
                .forEach((path, methods) -> methods.forEach(method -> routes.add(method + " " + path)));
        routes.sort(Comparator.<String, Boolean>comparing(SIGN_OUT::equals).thenComparing(route -> route));
        return routes;
    }

    private static String event() {
        return "{\"schema_version\":1,\"event_id\":\"%s\",\"client_id\":\"%s\",\"target\":\"http://a/\",\"ts_ms\":%d}"
                .formatted(UUID.randomUUID(), CLIENT, System.currentTimeMillis());
    }
}
