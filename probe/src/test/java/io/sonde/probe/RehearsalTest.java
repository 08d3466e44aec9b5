package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RehearsalTest {
    @Test
    void theRunsOfARehearsalSucceed() throws Exception {
        try (var stage = RehearsalStage.open(true);
                var probe = stage.probe()) {
            Measurement seen = probe.measure(stage.url(), Optional.of(stage.url()));

            assertThat(seen.failure()).isNull();
            assertThat(seen.dnsMs()).isPositive();
            assertThat(seen.tlsMs()).isPositive();
            assertThat(seen.throughputKbps()).isPositive();
        }
    }

    @Test
    void withoutTlsItIsShortAndWithoutTimeItIsNone() {
        assertThat(Rehearsal.hold(Duration.ofSeconds(20), false)).isEqualTo(50);
        assertThat(Rehearsal.hold(Duration.ZERO, true)).isZero();
    }

    @Test
    void aThrowawayCertificateSaysWhoAndWhen() throws GeneralSecurityException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

        var certificate =
                ThrowawayCertificate.make("a.test", now, now.plusSeconds(60)).certificate();

        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(now.plusSeconds(60));
        assertThat(certificate.getSubjectAlternativeNames().iterator().next().get(1))
                .isEqualTo("a.test");
    }
}
