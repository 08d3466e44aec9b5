package io.sonde.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Evidence;
import io.sonde.core.Norm;
import io.sonde.core.Notification.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordingTest {
    @Test
    void aTitleSaysWhatWhereAndOnWhoseSide() {
        assertThat(Wording.title(Notifications.firing()))
                .isEqualTo("server-bound: https://shop.example/ from 2 sources (target side)");
        assertThat(Wording.title(Notifications.resolved()))
                .isEqualTo("resolved: server-bound: https://shop.example/ from 2 sources (target side)");
    }

    @Test
    void aTitleNamesWhatThereIsOneOf() {
        var one = Notifications.member(1, "berlin-1", "https://a/", null);
        var other = Notifications.member(2, "berlin-1", "https://b/", null);

        assertThat(Wording.title(Notifications.of(Scope.SOURCE, "dns-bound", "berlin-1", null, List.of(one, other))))
                .isEqualTo("dns-bound: berlin-1 to 2 targets (source side)");
        assertThat(Wording.title(Notifications.of(Scope.PATH, "dns-bound", "berlin-1", "https://a/", List.of(one))))
                .isEqualTo("dns-bound: berlin-1 to https://a/ (between them)");
        assertThat(Wording.title(Notifications.of(Scope.TARGET, "dns-bound", null, "https://a/", List.of(one))))
                .isEqualTo("dns-bound: https://a/ from berlin-1 (target side)");
    }

    @Test
    void evidenceSaysWhatWasSeenWhatIsUsualAndWhatTheLimitIs() {
        assertThat(Wording.lines(Notifications.firing()))
                .containsExactly(
                        "server-bound: berlin-1 to https://shop.example/ since 2026-11-20T23:04:00Z",
                        "  ttfb_p95 412 ms, usually 48 ± 6 ms (10 windows), threshold 60 ms",
                        "  dns_p95 / total_p95 0.625, threshold 0.4",
                        "server-bound: hamburg \"2\" to https://shop.example/ since 2026-11-20T23:04:00Z until"
                                + " 2026-11-20T23:05:00Z",
                        "  ttfb_p95 412 ms, usually 48 ± 6 ms (10 windows), threshold 60 ms");
        assertThat(Wording.evidence(new Evidence(
                        "depth", "messages", 12_345.6, new Norm(7, 0, 1), new Norm(9.25, 1.5, 7), 1_000.4)))
                .isEqualTo("depth 12346 messages, usually 7 ± 0 messages (1 window), at this hour 9.25 ± 1.5 messages"
                        + " (7 windows), threshold 1000 messages");
    }

    @ParameterizedTest
    @CsvSource({"0.00012345,0.000123", "99.96,100", "999.94,1000", "-3.14159,-3.14", "0,0", "NaN,?", "1e7,10000000"})
    void numbersHaveThreeDigitsOrAreWhole(double value, String written) {
        assertThat(Wording.evidence(new Evidence("n", "", value, Norm.NONE, Norm.NONE, 1)))
                .isEqualTo("n " + written + ", threshold 1");
    }

    @Test
    void factsSayWhenAndForHowLong() {
        assertThat(Wording.facts(Notifications.resolved()))
                .isEqualTo("since 2026-11-20T23:04:00Z, over at 2026-11-21T00:10:30Z after 1 h 6 min, problem 42,"
                        + " tenant default, kind qoe");
    }

    @Test
    void manyMembersAreTenAndTheNumberOfTheRest() {
        assertThat(Wording.lines(Notifications.withMembers(12)))
                .hasSize(21)
                .contains("server-bound: probe-10 to https://shop.example/ since 2026-11-20T23:04:00Z")
                .endsWith("and 2 more");
    }

    @Test
    void whatComesFromOutsideStaysOneLine() {
        var forged = Notifications.member(1, "a\r\nBcc: eve@evil.example", "x\u001b[31m\u202egnp\u2028y", null);

        String title = Wording.title(Notifications.of(Scope.PATH, "la\nbel", null, null, List.of(forged)));

        assertThat(title).isEqualTo("la bel: a Bcc: eve@evil.example to x [31m gnp y (between them)");
        assertThat(Wording.lines(Notifications.of(Scope.PATH, "l", null, null, List.of(forged))))
                .hasSize(1);
    }

    @Test
    void whatIsTooLongIsCutBetweenCharacters() {
        assertThat(Wording.shortened("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Wording.shortened("abcdefg", 6)).isEqualTo("abcde…");
        assertThat(Wording.shortened("abcd😀fg", 6)).isEqualTo("abcd…");
    }
}
