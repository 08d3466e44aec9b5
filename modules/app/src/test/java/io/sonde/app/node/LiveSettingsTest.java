package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sonde.app.config.ConfigurationSource;
import io.sonde.app.node.LiveSettings.Change;
import io.sonde.app.settings.SetThreshold;
import io.sonde.core.Notification.Scope;
import io.sonde.core.Signal;
import io.sonde.diagnosis.Diagnostics;
import io.sonde.problems.Problem;
import io.sonde.qoe.QoeSignal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A node's file that somebody edits while the node runs. */
class LiveSettingsTest {
    private static final Signal SIGNAL = new QoeSignal();
    private static final String FIRST =
            """
            sonde.notify.channels.hook { type = webhook, url = "http://127.0.0.1:9/first-secret" }
            sonde.notify.routes = [{ channels = [log] }]
            """;

    @TempDir
    private Path folder = Path.of("set by JUnit");

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final List<Change> recorded = new ArrayList<>();
    private List<SetThreshold> thresholds = List.of();
    private Path file;
    private LiveSettings live;
    private Supplier<Diagnostics> rules;

    @BeforeEach
    void start() throws Exception {
        file = folder.resolve("sonde.conf");
        write(FIRST);
        var source = ConfigurationSource.ofFile(file, Map.of());
        live = new LiveSettings(
                source.config(),
                source::changed,
                () -> thresholds,
                List.of(SIGNAL),
                Clock.systemUTC(),
                recorded::addAll);
        rules = Objects.requireNonNull(live.diagnostics().get(SIGNAL.kind().name()));
        logged.start();
        log().setLevel(Level.INFO);
        log().addAppender(logged);
    }

    @AfterEach
    void stop() {
        log().detachAppender(logged);
        log().setLevel(null);
    }

    @Test
    void changedRulesHoldAtOnceAndWhatTheyWereIsRecorded() throws Exception {
        isJudgedWith(FIRST);

        write(FIRST + "sonde.diagnosis { incident.opens = 2, baseline.robust = true }");
        live.look();

        isJudgedWith(FIRST + "sonde.diagnosis { incident.opens = 2, baseline.robust = true }");
        assertThat(recorded)
                .containsExactly(
                        new Change("sonde.diagnosis.baseline.robust", "false", "true"),
                        new Change("sonde.diagnosis.incident.opens", "3", "2"));
    }

    @Test
    void changedRoutesAndChannelsHoldAtOnceAndNoSecretIsRecordedOrLogged() throws Exception {
        assertThat(live.channels(problem())).containsExactly("log");

        write(FIRST.replace("[log]", "[hook, second]").replace("first-secret", "other-secret")
                + "sonde.notify.channels.second { type = webhook, url = \"http://127.0.0.1:9/second-secret\" }");
        live.look();

        assertThat(live.channels(problem())).containsExactly("hook", "second");
        assertThat(live.channel("second")).isPresent();
        assertThat(recorded)
                .containsExactly(
                        new Change("sonde.notify.channels.hook.url", null, null),
                        new Change("sonde.notify.channels.second.type", null, null),
                        new Change("sonde.notify.channels.second.url", null, null),
                        new Change("sonde.notify.routes", null, null));
        assertThat(messages()).hasSize(4).noneMatch(message -> message.contains("secret") || message.contains("null"));
    }

    @Test
    void aChannelThatIsTakenAwayIsNotThereAnyMore() throws Exception {
        assertThat(live.channel("hook")).isPresent();

        write("sonde.notify.routes = [{ channels = [log] }]");
        live.look();

        assertThat(live.channel("hook")).isEmpty();
    }

    @Test
    void aFileWithAMistakeChangesNothingAndIsSaidOnceUntilItIsRight() throws Exception {
        for (String mistake : List.of(
                "sonde.diagnosis.incident.opens = many",
                "sonde.diagnosis.incident { opens = 2, ends = 9 }",
                "sonde.diagnosis.incident { opens = 2",
                "sonde.diagnosis.incident.opens = 2, sonde.notify.routes = [{ channels = [nobody] }]",
                "sonde.diagnosis { incident.opens = 2, targets = [{ target = \"*\", incident.ends = 9 }] }",
                "sonde.diagnosis.incident.opens = 2, sonde.http.port = nowhere")) {
            logged.list.clear();
            write(FIRST + mistake);

            live.look();
            live.look();

            isJudgedWith(FIRST);
            assertThat(live.channels(problem())).containsExactly("log");
            assertThat(recorded).as(mistake).isEmpty();
            assertThat(logged.list).as(mistake).singleElement().satisfies(event -> {
                assertThat(event.getLevel()).isEqualTo(Level.WARN);
                assertThat(event.getFormattedMessage()).startsWith("the changed configuration is not taken over: ");
            });
        }

        write(FIRST + "sonde.diagnosis.incident.opens = 2");
        live.look();

        assertThat(recorded).containsExactly(new Change("sonde.diagnosis.incident.opens", "3", "2"));
    }

    @Test
    void whatIsSetForAllNodesGoesBeforeTheFileUntilItIsTakenAway() throws Exception {
        thresholds = List.of(set("incident.opens", "2"), set("rules.qoe.apdex-ms", "300.5"));
        live.look();
        write(FIRST + "sonde.diagnosis.incident { opens = 4, clears = 6 }");
        live.look();
        isJudgedWith(FIRST + "sonde.diagnosis { incident { opens = 2, clears = 6 }, rules.qoe.apdex-ms = 300.5 }");

        thresholds = List.of();
        live.look();

        isJudgedWith(FIRST + "sonde.diagnosis.incident { opens = 4, clears = 6 }");
        assertThat(recorded)
                .contains(
                        new Change("sonde.diagnosis.incident.opens", "3", "2"),
                        new Change("sonde.diagnosis.incident.opens", "2", "4"));
    }

    @Test
    void whatIsSetForAllNodesAndIsWrongWithThisFileChangesNothing() throws Exception {
        write(FIRST + "sonde.diagnosis.incident { opens = 4, among = 4 }");
        live.look();

        thresholds = List.of(set("incident.among", "3"));
        live.look();
        live.look();

        isJudgedWith(FIRST + "sonde.diagnosis.incident { opens = 4, among = 4 }");
        assertThat(messages())
                .filteredOn(line -> line.contains("incident.opens: expected 1 to 3"))
                .hasSize(1);
    }

    @Test
    void whatIsSetAsTheFileHasItIsNoChange() throws Exception {
        thresholds = List.of(
                set("incident.opens", "3"),
                set("incident.accept-after", "24 h"),
                set("baseline.robust", "false"),
                set("rules.qoe.rise", "1.0"));

        live.look();

        assertThat(recorded).isEmpty();
    }

    @Test
    void aFileThatIsGoneOrSaysTheSameOtherwiseChangesNothing() throws Exception {
        write("# a remark\n" + FIRST + "sonde.diagnosis.incident.opens = 3");
        live.look();
        Files.delete(file);
        live.look();

        assertThat(recorded).isEmpty();
        assertThat(messages()).isEmpty();
        isJudgedWith(FIRST);
    }

    private static SetThreshold set(String key, String value) {
        return new SetThreshold(key, value, Instant.EPOCH, "eva");
    }

    private void write(String text) throws Exception {
        Files.writeString(file, text);
    }

    private void isJudgedWith(String text) {
        Config config = ConfigFactory.load(
                ConfigFactory.parseString(text).withFallback(ConfigFactory.parseResources("node.conf")));
        assertThat(rules.get())
                .usingRecursiveComparison()
                .isEqualTo(Diagnostics.from(config.getConfig("sonde.diagnosis"), SIGNAL));
    }

    private List<String> messages() {
        return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static Logger log() {
        return (Logger) LoggerFactory.getLogger(LiveSettings.class);
    }

    private static Problem problem() {
        return new Problem(
                "P-1",
                1,
                "default",
                "qoe",
                Scope.PATH,
                "dns-bound",
                "berlin",
                "https://a/",
                1,
                0,
                null,
                null,
                List.of());
    }
}
