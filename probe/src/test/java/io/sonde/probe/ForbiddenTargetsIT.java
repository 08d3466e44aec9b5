package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.qoe.Stage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets that a node named, at places where a probe does not go for it. */
@Timeout(60)
class ForbiddenTargetsIT {
    @TempDir
    static Path folder;

    private static Fixture on;
    private static ServerSocket here;

    @BeforeAll
    static void start() throws IOException, GeneralSecurityException {
        on = new Fixture(folder);
        here = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        here.setSoTimeout(50);
    }

    @AfterAll
    static void stop() throws IOException {
        on.close();
        here.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "good.test",
                "alias.test",
                "listed.test",
                "localhost",
                "any.localhost",
                "127.0.0.1",
                "127.000.000.001",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[0:0:0:0:0:0:7f00:1]",
                "0.0.0.0",
                "１２７.０.０.１"
            })
    void thisMachineIsNotConnectedToUnderAnyName(String host) throws IOException {
        Measurement seen = measure("http://" + host + ":" + here.getLocalPort() + "/", Reach.PUBLIC);

        assertThat(seen.successful()).isFalse();
        assertThat(seen.tcpMs()).isNull();
        assertNobodyCame();
    }

    /** However the notation is read, nothing answers; and what is refused is what would have been connected to. */
    @ParameterizedTest
    @ValueSource(strings = {"2130706433", "0x7f000001", "0x7f.1", "127.1", "0177.0.0.1", "017700000001"})
    void otherNotationsOfThisMachineLeadNowhere(String host) throws IOException {
        assertThat(measure("http://" + host + ":" + here.getLocalPort() + "/", Reach.PUBLIC)
                        .tcpMs())
                .isNull();
        assertNobodyCame();
    }

    @ParameterizedTest
    @ValueSource(strings = {"at-169-254-169-254.test", "169.254.169.254", "[fe80::1]", "at-100-100-100-200.test"})
    void whereMetadataIsNobodyGoesEvenIntoPrivateNetworks(String host) {
        Measurement seen = measure("http://" + host + "/latest/meta-data/", Reach.PRIVATE_TOO);

        assertForbidden(seen, Stage.TCP);
        assertThat(seen.tcpMs()).isNull();
    }

    @Test
    void aNameThatChangesItsMindIsCheckedWhereItIsConnectedTo() throws IOException {
        int before = on.dns.questions();
        String url = "http://rebinding.test:" + here.getLocalPort() + "/";

        Measurement first = measure(url, Reach.PUBLIC);
        Measurement second = measure(url, Reach.PUBLIC);

        assertThat(first.address()).as("it was public").isEqualTo("192.0.2.1");
        assertForbidden(second, Stage.TCP);
        assertThat(on.dns.questions()).as("one question each").isEqualTo(before + 2);
        assertNobodyCame();
    }

    @Test
    void anObjectForThroughputIsNoWayAround() {
        TargetUrl url = TargetUrl.parse(on.http("good.test", "/health"));
        TargetUrl object = TargetUrl.parse("http://at-169-254-169-254.test/latest/meta-data/");

        Measurement seen = on.trusting.measure(url, Optional.of(object), Reach.PRIVATE_TOO);

        assertThat(seen.ttfbMs()).isPositive();
        assertForbidden(seen, Stage.THROUGHPUT);
    }

    @Test
    void aRedirectIsAnAnswerAndNotFollowed() throws Exception {
        try (var redirecting = new OneAnswer("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" + here.getLocalPort()
                + "/latest/meta-data/\r\nContent-Length: 0\r\n\r\n")) {
            Measurement seen = measure(redirecting.url(), Reach.PRIVATE_TOO);

            assertThat(seen.status()).isEqualTo(302);
            assertNobodyCame();
        }
    }

    @Test
    void privateTargetsAreMeasuredWhereTheyAreAllowedAndOnesOwnAlways() {
        String url = on.http("good.test", "/health");

        assertThat(measure(url, Reach.PRIVATE_TOO).failure()).isNull();
        assertThat(on.measure(url).failure()).isNull();
    }

    private static Measurement measure(String url, Reach reach) {
        return on.trusting.measure(TargetUrl.parse(url), Optional.empty(), reach);
    }

    private static void assertForbidden(Measurement seen, Stage stage) {
        assertThat(seen.failure()).isNotNull().satisfies(failure -> {
            assertThat(failure.stage()).isEqualTo(stage);
            assertThat(failure.type()).isEqualTo("forbidden");
        });
    }

    private static void assertNobodyCame() throws IOException {
        assertThatThrownBy(() -> here.accept().close()).isInstanceOf(SocketTimeoutException.class);
    }
}
