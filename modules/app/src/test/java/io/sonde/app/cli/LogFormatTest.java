package io.sonde.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.MDC;

/** What is logged of texts that others chose, by the configurations that are shipped. */
class LogFormatTest {
    private static final String FORGED = "2026-11-20T10:00:00.000Z INFO  io.sonde.Forged all is well";
    private static final String HOSTILE = "x\n" + FORGED + "\r\n" + FORGED + "\u2028" + FORGED + "\u0085" + FORGED
            + "\u001b[2J\u0000 \"}\n{\"level\":\"INFO\"}";
    private static final String PROBE = "../../probe/src/universal/conf/logback.xml";

    @TempDir
    private Path folder = Path.of("set by JUnit");

    @AfterEach
    void forget() {
        System.clearProperty("SONDE_LOG_FORMAT");
        System.clearProperty("sonde.log.file");
        MDC.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"logback.xml", "logback-file.xml", PROBE})
    void asTextNoLineIsForged(String configuration) throws Exception {
        List<String> lines = logged(configuration, "text");

        assertThat(lines.get(0)).matches("\\S+Z WARN  .*LogFormatTest series x 2026.* \\{\"level\":\"INFO\"}");
        assertThat(lines.get(1)).startsWith("java.lang.IllegalStateException: x");
        assertThat(lines.subList(2, lines.size()))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("  | "))
                .anyMatch(line -> line.equals("  | " + FORGED + " "))
                .anyMatch(line -> line.contains("at io.sonde.app.cli.LogFormatTest"))
                .anyMatch(line -> line.contains("Caused by: "));
        assertThat(lines).noneMatch(line -> line.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x2028));
    }

    @ParameterizedTest
    @ValueSource(strings = {"logback.xml", "logback-file-json.xml", PROBE})
    void asJsonALineIsAnObjectWithAllThatIsKnown(String configuration) throws Exception {
        MDC.put("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736");
        MDC.put("span_id", "00f067aa0ba902b7");

        List<String> lines = logged(configuration, "json");

        assertThat(lines).hasSize(1);
        JsonNode object = new ObjectMapper().readTree(lines.get(0));
        assertThat(object.path("timestamp").asLong())
                .isBetween(System.currentTimeMillis() - Duration.ofMinutes(5).toMillis(), System.currentTimeMillis());
        assertThat(object.path("level").asText()).isEqualTo("WARN");
        assertThat(object.path("loggerName").asText()).isEqualTo(LogFormatTest.class.getName());
        assertThat(object.path("formattedMessage").asText()).isEqualTo("series " + HOSTILE);
        assertThat(object.path("mdc").path("trace_id").asText()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(object.path("mdc").path("span_id").asText()).isEqualTo("00f067aa0ba902b7");
        assertThat(object.path("throwable").path("className").asText()).isEqualTo("java.lang.IllegalStateException");
        assertThat(object.path("throwable").path("message").asText()).isEqualTo(HOSTILE);
        assertThat(object.path("throwable").path("cause").path("message").asText())
                .isEqualTo("the cause\n" + FORGED);
    }

    @Test
    void withoutAWordItIsText() throws Exception {
        assertThat(logged("logback.xml", "").get(0)).contains(" WARN  ");
    }

    private List<String> logged(String configuration, String format) throws Exception {
        if (!format.isEmpty()) {
            System.setProperty("SONDE_LOG_FORMAT", format);
        }
        Path file = folder.resolve("log");
        System.setProperty("sonde.log.file", file.toString());
        var captured = new ByteArrayOutputStream();
        PrintStream err = System.err;
        System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(MDC.getMDCAdapter());
        try {
            JoranConfigurator configurator = new JoranConfigurator();
            configurator.setContext(context);
            configurator.doConfigure(
                    configuration.equals(PROBE)
                            ? Path.of(PROBE).toUri().toURL()
                            : Objects.requireNonNull(Thread.currentThread()
                                    .getContextClassLoader()
                                    .getResource(configuration)));
            Logger log = context.getLogger(LogFormatTest.class);
            log.debug("not at this level");
            log.warn("series {}", HOSTILE, failure());
        } finally {
            context.stop();
            System.setErr(err);
        }
        String text = Files.exists(file) ? Files.readString(file) : captured.toString(StandardCharsets.UTF_8);
        return List.of(text.split("\n"));
    }

    private static Exception failure() {
        return new IllegalStateException(HOSTILE, new IllegalArgumentException("the cause\n" + FORGED));
    }
}
