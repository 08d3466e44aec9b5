package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.SondeClient;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** A node that is told to log more while it runs. */
class LogLevelsIT {
    private static final String NAME = "io.sonde.app.node.LogLevelsIT";
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(NAME);
    private static final PostgresServer.Database DATABASE =
            PostgresServer.shared().newDatabase();
    private static final SondeClient ADMIN = new SondeClient(DATABASE.dataSource(), TestNode.adminToken(DATABASE));

    private static Node node;

    @BeforeAll
    static void start() {
        node = Node.start(TestNode.config(DATABASE, Map.of()));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void aLevelHoldsAtOnceIsListedRecordedAndResetByItselfOrByAWord() throws Exception {
        JsonNode set = json(put(NAME, "{\"level\": \"TRACE\"}"));
        boolean traced = LOGGER.isTraceEnabled();
        JsonNode listed = of(json(ADMIN.get(url(), "/api/v1/log-levels")), NAME);
        ADMIN.send("DELETE", url(), "/api/v1/log-levels/" + NAME, "");
        Level reset = LOGGER.getLevel();
        JsonNode brief = json(put(NAME, "{\"level\": \"ERROR\", \"for\": \"0.5s\"}"));

        await().atMost(Duration.ofSeconds(20)).until(() -> LOGGER.getLevel() == null);
        await().atMost(Duration.ofSeconds(20)).until(() -> recorded().size() == 4);
        assertThat(set.path("level").asText()).isEqualTo("TRACE");
        assertThat(set.path("until").isNull()).isTrue();
        assertThat(traced).isTrue();
        assertThat(listed).isEqualTo(set);
        assertThat(reset).as("it had that of the one above").isNull();
        assertThat(Instant.parse(brief.path("until").asText()))
                .isAfter(Instant.now().minusSeconds(60));
        assertThat(recorded())
                .containsExactlyInAnyOrder(
                        "as above it > TRACE", "TRACE > as above it", "as above it > ERROR", "ERROR > as above it");
    }

    @Test
    void aLoggerThatIsNotThereIsNotMade() throws Exception {
        assertThat(put("un.known", "{\"level\": \"DEBUG\"}").statusCode()).isEqualTo(404);
        assertThat(ADMIN.send("DELETE", url(), "/api/v1/log-levels/un.known", "")
                        .statusCode())
                .isEqualTo(404);
        assertThat(LOGGER.getLoggerContext().exists("un.known")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|level",
                "{\"level\": \"LOUD\"}|level",
                "{\"level\": \"debug\"}|level",
                "{\"level\": \"DEBUG\", \"for\": \"soon\"}|for",
                "{\"level\": \"DEBUG\", \"for\": \"-5s\"}|for",
                "{\"level\": \"DEBUG\", \"for\": \"1000h\"}|for",
                "{\"level\": \"DEBUG\", \"until\": \"x\"}|until"
            })
    void whatIsNoLevelOrTimeIsNamed(String body, String parameter) throws Exception {
        HttpResponse<String> answer = put(NAME, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(json(answer).path("parameter").asText()).isEqualTo(parameter);
    }

    private static HttpResponse<String> put(String logger, String body) throws Exception {
        return ADMIN.send("PUT", url(), "/api/v1/log-levels/" + logger, body);
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return new ObjectMapper().readTree(answer.body());
    }

    private static JsonNode of(JsonNode levels, String logger) {
        for (JsonNode level : levels.path("levels")) {
            if (level.path("logger").asText().equals(logger)) {
                return level;
            }
        }
        throw new AssertionError("no " + logger + " in " + levels);
    }

    private static List<String> recorded() throws Exception {
        try (Connection connection = DATABASE.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT before || ' > ' || after FROM setting_change WHERE key = 'log-level." + NAME + "'")) {
            List<String> changes = new ArrayList<>();
            while (rows.next()) {
                changes.add(rows.getString(1));
            }
            return changes;
        }
    }

    private static String url() {
        return "http://127.0.0.1:" + node.httpPort();
    }
}
