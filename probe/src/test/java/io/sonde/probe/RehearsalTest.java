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
        try (var stage = RehearsalStage.open(true, Trust.system());
                var probe = stage.probe()) {
            Measurement seen = probe.measure(stage.url(), Optional.of(stage.url()));

            assertThat(seen.failure()).isNull();
            assertThat(seen.dnsMs()).isPositive();
            assertThat(seen.tlsMs()).isPositive();
            assertThat(seen.throughputKbps()).isPositive();
        }
    }

    @Test
    void withoutTlsItIsShortAndWithoutTimeItIsNone() throws Exception {
        assertThat(Rehearsal.hold(Duration.ofSeconds(20), false, Trust.system()))
                .isEqualTo(50);
        assertThat(Rehearsal.hold(Duration.ZERO, true, Trust.system())).isZero();
    }

    @Test
    void aThrowawayCertificateSaysWhoAndWhen() throws GeneralSecurityException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

        var authority = ThrowawayCertificate.authority("who", now, now.plusSeconds(60));
        var certificate = authority.issue("a.test").certificate();

        certificate.verify(authority.certificate().getPublicKey());
        assertThat(authority.certificate().getBasicConstraints()).isNotNegative();
        assertThat(certificate.getIssuerX500Principal()).hasToString("CN=who");
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(now.plusSeconds(60));
        assertThat(certificate.getSubjectAlternativeNames().iterator().next().get(1))
                .isEqualTo("a.test");
    }
}
