package io.sonde.app.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignInSettingsTest {
    private static final String PROVIDER =
            """
            oidc {
              issuer = "https://login.example.org", client-id = "sonde", client-secret = "a secret of the client"
              redirect-uri = "https://sonde.example.org/api/v1/session/oidc/callback", viewer = [staff], admin = [admins]
            }
            """;

    @Test
    void withoutAWordASessionLastsTwelveHoursUnusedAndAWeekAtMost() {
        assertThat(SignInSettings.from(sonde("")))
                .isEqualTo(new SignInSettings(Duration.ofHours(12), Duration.ofDays(7), false));
        assertThat(OidcSettings.from(sonde("")).isOn()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"idle = 1m", "absolute = 1h", "idle = 8d"})
    void timesThatMakeNoSenseAreRefused(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SignInSettings.from(sonde(line)))
                .withMessageContaining("sonde.sign-in.idle");
    }

    @Test
    void whoHasSeveralGroupsHasTheRoleThatMayDoTheMost() {
        OidcSettings settings = OidcSettings.from(sonde(PROVIDER));

        assertThat(settings.isOn()).isTrue();
        assertThat(settings.role(List.of("staff", "admins"))).contains(Role.ADMIN);
        assertThat(settings.role(List.of("staff", "others"))).contains(Role.VIEWER);
        assertThat(settings.role(List.of("others"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "oidc.issuer = \"http://login.example.org\"|issuer is to be https",
                "oidc.redirect-uri = \"http://sonde.example.org/api/v1/session/oidc/callback\"|redirect-uri is to be https",
                "oidc.redirect-uri = \"https://sonde.example.org/\"|is to end in /api/v1/session/oidc/callback",
                "oidc.client-secret = \"\"|client-id and client-secret",
                "oidc { viewer = [], admin = [] }|nobody could sign in"
            })
    void aProviderThatWouldLetAnybodyInOrNobodyIsRefused(String line, String complaint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OidcSettings.from(sonde(PROVIDER + line)))
                .withMessageContaining(complaint);
    }

    @Test
    void theSecretIsNotPrinted() {
        assertThat(OidcSettings.from(sonde(PROVIDER)).toString()).doesNotContain("a secret of the client");
    }

    private static Config sonde(String lines) {
        return ConfigFactory.parseString("sign-in {\n" + lines + "\n}")
                .withFallback(ConfigFactory.defaultReference().getConfig("sonde"));
    }
}
