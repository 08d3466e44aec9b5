package io.sonde.target;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class AdminTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final Admin admin = new Admin();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Admin.class);

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(log);
    }

    @Test
    void everythingIsNormalUntilSomebodySaysOtherwise() {
        assertThat(admin.delays()).isEqualTo(Delays.NONE);
        assertThat(ask("GET", "").body()).isEqualTo("{\"ttfb-ms\":0,\"tls-ms\":0,\"kbps\":0}\n");
    }

    @Test
    void whatIsPutReplacesAllThatWasAndIsShown() {
        ask("PUT", "ttfb-ms=400&tls-ms=300");

        Admin.Reply put = ask("PUT", "kbps=500&tls-ms=60000");

        assertThat(put.status()).isEqualTo(200);
        assertThat(admin.delays()).isEqualTo(new Delays(0, 60_000, 500));
        assertThat(ask("GET", "")).isEqualTo(put);
        assertThat(put.body()).isEqualTo("{\"ttfb-ms\":0,\"tls-ms\":60000,\"kbps\":500}\n");
    }

    @Test
    void deletedAllIsNormalAgain() {
        ask("PUT", "ttfb-ms=400");

        assertThat(ask("DELETE", "").status()).isEqualTo(200);
        assertThat(admin.delays()).isEqualTo(Delays.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ttfb-ms=-1 | ttfb-ms is a whole number from 0 to 60000, and is '-1'",
                "ttfb-ms=60001 | ttfb-ms is a whole number from 0 to 60000, and is '60001'",
                "tls-ms=fast | tls-ms is a whole number from 0 to 60000, and is 'fast'",
                "tls-ms | tls-ms is a whole number from 0 to 60000, and is ''",
                "kbps=10000001 | kbps is a whole number from 0 to 10000000, and is '10000001'",
                "kbps=99999999999 | kbps is a whole number from 0 to 10000000, and is '99999999999'",
                "ttfb=400 | 'ttfb' is none of ttfb-ms, tls-ms and kbps",
                "kbps=1&kbps=2 | kbps is there twice",
                "'' | '' is none of ttfb-ms, tls-ms and kbps"
            },
            quoteCharacter = '"')
    void whatMakesNoSenseChangesNothingAndIsExplained(String query, String why) {
        ask("PUT", "tls-ms=7");

        Admin.Reply refused = ask("PUT", query.equals("''") ? "" : query);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).startsWith(why + "\n").contains("PUT /admin/delays?ttfb-ms=N", "curl -X PUT");
        assertThat(admin.delays()).isEqualTo(new Delays(0, 7, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void fromAnotherMachineItIsForbidden(String method) throws UnknownHostException {
        InetAddress elsewhere = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 7});
        ask("PUT", "tls-ms=7");

        Admin.Reply refused = admin.answer(new Request(method, Admin.PATH, "ttfb-ms=400"), elsewhere);

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body()).contains("machine of the target").doesNotContain("{");
        assertThat(admin.delays()).isEqualTo(new Delays(0, 7, 0));
    }

    @Test
    void otherPathsAndMethodsAreToldWhatThereIs() {
        assertThat(ask("POST", "ttfb-ms=400").status()).isEqualTo(405);
        assertThat(admin.answer(new Request("GET", "/admin/other", ""), HERE))
                .isEqualTo(admin.answer(new Request("PUT", "/admin/other", "ttfb-ms=400"), HERE))
                .satisfies(reply -> assertThat(reply.status()).isEqualTo(404))
                .satisfies(reply -> assertThat(reply.body()).contains(Admin.PATH));
        assertThat(admin.delays()).isEqualTo(Delays.NONE);
    }

    @Test
    void eachChangeIsLoggedOnceAndNothingElseIs() {
        ask("DELETE", "");
        ask("PUT", "ttfb-ms=400");
        ask("PUT", "ttfb-ms=400");
        ask("GET", "");
        ask("PUT", "ttfb-ms=x");
        ask("DELETE", "");

        assertThat(log.list).allMatch(line -> line.getLevel() == Level.INFO);
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "the delays of all answers are now {\"ttfb-ms\":400,\"tls-ms\":0,\"kbps\":0}",
                        "the delays of all answers are now {\"ttfb-ms\":0,\"tls-ms\":0,\"kbps\":0}");
    }

    private Admin.Reply ask(String method, String query) {
        return admin.answer(new Request(method, Admin.PATH, query), HERE);
    }
}
