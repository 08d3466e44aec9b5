package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import io.sonde.app.node.Browser.Answer;
import io.sonde.testkit.PostgresServer;
import java.net.URI;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** People whom a provider of OpenID Connect vouches for. */
class OidcIT {
    private static final String PASSWORD = "correct horse battery";
    private static final String BEGIN = "/api/v1/session/oidc";
    private static final PostgresServer.Database DATABASE =
            PostgresServer.shared().newDatabase();
    private static final TestPeople PEOPLE = new TestPeople(DATABASE, PASSWORD);
    private static TestProvider provider;
    private static Node node;

    @BeforeAll
    static void start() throws Exception {
        provider = new TestProvider();
        PEOPLE.add("eva", "admin");
        node = Node.start(TestNode.config(
                DATABASE,
                Map.of(
                        "sonde.sign-in.oidc.issuer", provider.issuer(),
                        "sonde.sign-in.oidc.client-id", TestProvider.CLIENT,
                        "sonde.sign-in.oidc.client-secret", TestProvider.SECRET,
                        "sonde.sign-in.oidc.redirect-uri", "http://127.0.0.1:8081/api/v1/session/oidc/callback",
                        "sonde.sign-in.oidc.admin.0", "sonde-admins",
                        "sonde.sign-in.oidc.operator.0", "sonde-operators",
                        "sonde.sign-in.oidc.viewer.0", "everybody")));
    }

    @AfterAll
    static void stop() {
        node.close();
        provider.close();
    }

    @BeforeEach
    void honest() {
        provider.claims = claims -> claims;
        provider.signsWithAnotherKey = false;
    }

    @Test
    void whomTheProviderVouchesForSignsInWithTheRoleItSays() {
        Browser jane = new Browser(node);

        Answer back = jane.get(comeBack(jane));

        assertThat(back.status()).isEqualTo(303);
        assertThat(back.header("Location")).isEqualTo("/");
        assertThat(session(back).get("/api/v1/session").body().path("name").asText())
                .isEqualTo("jane");
        assertThat(session(back).get("/api/v1/session").body().path("role").asText())
                .isEqualTo("operator");
        assertThat(new Browser(node).signIn("jane", "").status())
                .as("no password is hers")
                .isEqualTo(400);
        assertThat(new Browser(node).signIn("jane", PASSWORD).status()).isEqualTo(401);
    }

    @Test
    void aRoleThatIsTakenAwayThereEndsTheSessionsHereWhenSheComesAgain() {
        claim("sub", "roles");
        claim("preferred_username", "rose");
        Browser rose = new Browser(node);
        Browser first = session(rose.get(comeBack(rose)));
        assertThat(first.get("/api/v1/windows").status()).isEqualTo(200);

        groups("everybody");
        Browser again = session(rose.get(comeBack(rose)));

        assertThat(first.get("/api/v1/windows").status()).isEqualTo(401);
        assertThat(again.get("/api/v1/session").body().path("role").asText()).isEqualTo("viewer");
    }

    @Test
    void nobodyBecomesSomebodyElseByBeingCalledTheSame() {
        claim("sub", "another");
        claim("preferred_username", "eva");
        groups("sonde-admins");

        assertRefused();
    }

    @Test
    void whoIsDisabledHereStaysOut() {
        claim("sub", "disabled");
        claim("preferred_username", "dora");
        Browser dora = new Browser(node);
        assertThat(dora.get(comeBack(dora)).header("Location")).isEqualTo("/");
        PEOPLE.disable("dora");

        assertRefused();
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                lie("for another client", claims -> claims.audience("another")),
                lie("of another issuer", claims -> claims.issuer("http://127.0.0.1:1")),
                lie(
                        "run out",
                        claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(600)))),
                lie("an answer to another question", claims -> claims.claim("nonce", "another")),
                lie("an answer to no question", claims -> claims.claim("nonce", null)),
                lie("of no role of ours", claims -> claims.claim("groups", List.of("staff"))),
                lie("without any role", claims -> claims.claim("groups", null)),
                lie("of a name that is none", claims -> claims.subject("n").claim("preferred_username", "a/b")));
    }

    private static Arguments lie(String what, UnaryOperator<JWTClaimsSet.Builder> claims) {
        return Arguments.of(what, claims);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void whatProvesNothingLetsNobodyIn(String what, UnaryOperator<JWTClaimsSet.Builder> claims) {
        provider.claims = claims;

        assertRefused();
    }

    @Test
    void whatSomebodyElseSignedLetsNobodyIn() {
        provider.signsWithAnotherKey = true;

        assertRefused();
    }

    @Test
    void anAnswerOfAnotherBrowserIsNotTaken() {
        Browser victim = new Browser(node);
        comeBack(victim);
        String attackers = comeBack(new Browser(node));

        assertThat(victim.get(attackers).header("Location")).isEqualTo("/#/not-vouched-for");
        assertThat(new Browser(node).get(attackers).header("Location")).isEqualTo("/#/not-vouched-for");
    }

    @Test
    void aCodeIsOfNoUseWithoutTheVerifierOfItsBrowser() {
        Browser thief = new Browser(node);
        String own = comeBack(thief);
        String stolen = comeBack(new Browser(node));
        String code = stolen.replaceAll(".*code=([^&]*).*", "$1");

        assertThat(thief.get(own.replaceAll("code=[^&]*", "code=" + code)).header("Location"))
                .isEqualTo("/#/not-vouched-for");
    }

    @Test
    void theCookieOfTheWayThereIsForNoScriptAndThatWayAlone() {
        assertThat(new Browser(node).get(BEGIN).header("Set-Cookie"))
                .contains("Path=/api/v1/session/oidc", "HttpOnly", "SameSite=Lax", "Max-Age=600");
    }

    @Test
    void thePageIsToldWhichWaysThereAre() {
        assertThat(new Browser(node)
                        .get("/api/v1/session/ways")
                        .body()
                        .path("oidc")
                        .asBoolean())
                .isTrue();
    }

    private static void assertRefused() {
        Browser browser = new Browser(node);
        Answer back = browser.get(comeBack(browser));
        assertThat(back.status()).isEqualTo(303);
        assertThat(back.header("Location")).isEqualTo("/#/not-vouched-for");
        assertThat(back.header("Set-Cookie")).doesNotContain("sonde_session");
    }

    /** To the provider and signed in there: the way back. */
    private static String comeBack(Browser browser) {
        Answer begun = browser.get(BEGIN);
        assertThat(begun.status()).as(begun.body().toString()).isEqualTo(303);
        browser.with("Cookie", begun.header("Set-Cookie").split(";", 2)[0]);
        URI back = provider.authorize(URI.create(begun.header("Location")));
        return back.getRawPath() + "?" + back.getRawQuery();
    }

    private static Browser session(Answer answer) {
        return new Browser(node)
                .with(
                        "Cookie",
                        answer.all("Set-Cookie").stream()
                                .filter(cookie -> cookie.startsWith("sonde_session="))
                                .findFirst()
                                .orElseThrow()
                                .split(";", 2)[0]);
    }

    private static void claim(String name, String value) {
        says(claims -> claims.claim(name, value));
    }

    private static void groups(String... groups) {
        says(claims -> claims.claim("groups", List.of(groups)));
    }

    private static void says(UnaryOperator<JWTClaimsSet.Builder> more) {
        UnaryOperator<JWTClaimsSet.Builder> before = provider.claims;
        provider.claims = claims -> more.apply(before.apply(claims));
    }
}
