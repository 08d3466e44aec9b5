package io.sonde.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {
    private static final String CHANNELS = "timeout = 1s, channels { a { type = log }, b { type = log } }\n";

    @Test
    void theFirstThatFitsCounts() {
        Routes routes = routes(
                """
                routes = [
                  { tenant = acme, channels = [a] }
                  { kind = qoe, label = "*-failure", channels = [a, b] }
                  { source = "berlin-*", target = "https://*.example/*", channels = [b] }
                  { label = "throughput-bound", channels = [] }
                  { channels = [a] }
                ]
                """);

        assertThat(routes.channelsOf("acme", "qoe", "dns-failure", null, null)).containsExactly("a");
        assertThat(routes.channelsOf("default", "qoe", "dns-failure", null, null))
                .containsExactly("a", "b");
        assertThat(routes.channelsOf("default", "qoe", "x", "berlin-1", "https://shop.example/a\nb"))
                .containsExactly("b");
        assertThat(routes.channelsOf("default", "qoe", "throughput-bound", "berlin-1", null))
                .isEmpty();
        assertThat(routes.channelsOf("default", "qoe", "x", "hamburg-1", "https://shop.example/"))
                .containsExactly("a");
    }

    @Test
    void whatFitsNoneIsToldNobody() {
        assertThat(routes("routes = [{ tenant = acme, channels = [a] }]").channelsOf("default", "qoe", "x", "s", "t"))
                .isEmpty();
    }

    @Test
    void whatIncidentsDoNotHaveInCommonIsMatchedByTheStarAlone() {
        assertThat(routes("routes = [{ source = \"berlin-*\", channels = [a] }]")
                        .channelsOf("default", "qoe", "x", null, "t"))
                .isEmpty();
        assertThat(routes("routes = [{ source = \"*\", channels = [a] }]").channelsOf("default", "qoe", "x", null, "t"))
                .containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource({
        "a.c,abc,false",
        "a.c,a.c,true",
        "a*,a,true",
        "*b*,abc,true",
        "a**c,abbc,true",
        "a,A,false",
        "[a],a,false"
    })
    void inAPatternOnlyTheStarIsSpecial(String pattern, String label, boolean fits) {
        assertThat(routes("routes = [{ label = \"" + pattern + "\", channels = [a] }]")
                        .channelsOf("default", "qoe", label, null, null))
                .hasSize(fits ? 1 : 0);
    }

    @Test
    void everythingIsLoggedWhereNothingIsSet() {
        NotifySettings settings = NotifySettings.from(ConfigFactory.load().getConfig("sonde.notify"));

        assertThat(settings.routes().channelsOf("default", "qoe", "x", null, null))
                .containsExactly("log");
        assertThat(settings.settings()).containsOnlyKeys("log");
    }

    private static Routes routes(String text) {
        return NotifySettings.from(ConfigFactory.parseString(CHANNELS + text)).routes();
    }
}
