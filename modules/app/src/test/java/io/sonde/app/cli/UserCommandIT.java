package io.sonde.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.app.problem.ExitCode;
import io.sonde.testkit.PostgresServer;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserCommandIT {
    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();

    @TempDir
    private Path folder = Path.of("set by JUnit");

    private String config = "";

    @BeforeEach
    void write() throws Exception {
        config = Files.writeString(
                        folder.resolve("sonde.conf"),
                        "sonde.database { url = \"" + database.url() + "\", user = \"" + database.user() + "\" }")
                .toString();
    }

    @Test
    void somebodyIsAddedWithAPasswordThatIsShownOnceAndListedWithout() {
        Said added = user("add", "eva", "--role", "admin");

        assertThat(added.code()).as(added.err()).isEqualTo(ExitCode.OK);
        assertThat(added.out().strip()).matches("[2-9a-z]{20}");
        Said listed = user("list");
        assertThat(listed.out())
                .contains("eva", "admin", "to choose a password")
                .doesNotContain(added.out().strip(), "argon2");
    }

    @Test
    void aPasswordIsReadFromStandardInputAndNotShown() {
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream("correct horse battery\n".getBytes(StandardCharsets.UTF_8)));
            Said added = user("add", "eva", "--role", "viewer", "--stdin");
            assertThat(added.code()).as(added.err()).isEqualTo(ExitCode.OK);
            assertThat(added.out()).isEmpty();
            assertThat(user("list").out()).contains("viewer", "good");

            System.setIn(new ByteArrayInputStream("short\n".getBytes(StandardCharsets.UTF_8)));
            Said refused = user("passwd", "eva", "--stdin");
            assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
            assertThat(refused.err()).contains("12 to 256 characters").doesNotContain("short\n");
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void aLostPasswordIsReplacedAndTheLockTakenAway() {
        String first = user("add", "eva", "--role", "admin").out().strip();

        Said another = user("passwd", "eva");

        assertThat(another.out().strip()).matches("[2-9a-z]{20}").isNotEqualTo(first);
    }

    @Test
    void rolesChangePeopleAreDisabledEnabledAndRemovedButNotTheLastAdministrator() {
        user("add", "eva", "--role", "admin");
        user("add", "tom", "--role", "viewer");

        assertThat(user("role", "tom", "operator").code()).isEqualTo(ExitCode.OK);
        assertThat(user("disable", "tom").code()).isEqualTo(ExitCode.OK);
        assertThat(user("list").out()).contains("operator", "disabled");
        assertThat(user("enable", "tom").code()).isEqualTo(ExitCode.OK);
        assertThat(user("list").out()).doesNotContain("disabled");
        assertThat(user("remove", "tom").code()).isEqualTo(ExitCode.OK);
        assertThat(user("remove", "tom").code()).isEqualTo(ExitCode.NOT_FOUND);
        Said last = user("remove", "eva");
        assertThat(last.code()).isEqualTo(ExitCode.USAGE);
        assertThat(last.err()).contains("nobody could administer any more");
    }

    @Test
    void whatIsNoNameOrTakenIsSaidInOneLine() {
        user("add", "eva", "--role", "viewer");

        assertThat(user("add", "eva", "--role", "viewer").err()).contains("somebody is called eva already");
        Said capital = user("add", "Eva", "--role", "viewer");
        assertThat(capital.code()).isEqualTo(ExitCode.USAGE);
        assertThat(capital.err()).contains("small letters");
        assertThat(user("add", "eva", "--role", "viewer", "--password", "correct horse battery")
                        .code())
                .as("a password in a flag is in the history of the shell")
                .isEqualTo(ExitCode.USAGE);
    }

    private Said user(String command, String... more) {
        String[] all = new String[more.length + 4];
        all[0] = "user";
        all[1] = command;
        System.arraycopy(more, 0, all, 2, more.length);
        all[more.length + 2] = "--config";
        all[more.length + 3] = config;
        return Said.of(all);
    }
}
