package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssignmentTest {
    @Test
    void itHasTheShapeOfTheProbesFileAndGoesOverItsSettings() throws Exception {
        Plan plan = Assignment.parse(
                        """
                        {"targets": ["https://a.test/", "http://b.test/,throughput=http://b.test/1mb.bin"],
                         "interval": "10s", "throughput-interval": "off"}
                        """)
                .over(
                        own(Map.of("targets", List.of("http://own.test/"), "interval", "1s", "jitter", "7ms")),
                        Reach.PUBLIC);

        assertThat(plan.targets())
                .containsExactly(
                        Target.parse("https://a.test/"),
                        Target.parse("http://b.test/,throughput=http://b.test/1mb.bin"));
        assertThat(plan.pace().interval()).hasSeconds(10);
        assertThat(plan.pace().throughputInterval()).isEmpty();
        assertThat(plan.pace().jitter()).isEqualTo(Duration.ofMillis(7));
        assertThat(plan.breaker()).isEqualTo(new Breaker(10, 3));
        assertThat(plan.reach()).isEqualTo(Reach.PUBLIC);
    }

    @Test
    void itsTextDependsOnWhatItSaysAlone() throws Exception {
        String text = Assignment.parse("{ \"interval\":\"10s\",  \"targets\" : [\"https://a.test/ü\"]}")
                .json();

        assertThat(text).isEqualTo("{\"targets\":[\"https://a.test/ü\"],\"interval\":\"10s\"}");
        assertThat(Assignment.parse(text).json()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|body: it must be a JSON object|",
                "{|body: it is not JSON|",
                "|body: it must be a JSON object|",
                "{} {}|body: it is not JSON|",
                "{\"interval\": \"1s\"}|targets: it must be a list of 1 to 1000|",
                "{\"targets\": []}|targets: it must be a list of 1 to 1000|",
                "{\"targets\": \"http://a/\"}|targets: it must be a list|",
                "{\"targets\": [1]}|targets: it must be a list|",
                "{\"targets\": [\"http://a/\"], \"targets\": [\"http://b/\"]}|body: it is not JSON: Duplicate field|",
                "{\"targets\": [\"http://a/\", \"ftp://b/\"]}|targets: |'ftp://b/' is not a target",
                "{\"targets\": [\"http://a/\", \"http://a/\"]}|targets: each target once; 'http://a/'|",
                "{\"targets\": [\"http://a/\"], \"interval\": \"1ms\"}|interval: |it must be a duration of 100ms to 24h",
                "{\"targets\": [\"http://a/\"], \"interval\": 5}|interval: it must be a text with its unit|",
                "{\"targets\": [\"http://a/\"], \"jitter\": \"soon\"}|jitter: |it must be a duration",
                "{\"targets\": [\"http://a/\"], \"stagger\": \"2h\"}|stagger: |it must be a duration",
                "{\"targets\": [\"http://a/\"], \"throughput-interval\": \"1ms\"}|throughput-interval: |duration of 1s",
                "{\"targets\": [\"http://a/\"], \"token\": \"x\"}|token: unknown key; there are targets, interval|"
            })
    void whatIsWrongIsNamedByItsKey(String json, String begin, String more) {
        assertThatThrownBy(() -> Assignment.parse(json == null ? "" : json))
                .asInstanceOf(type(WrongSettings.class))
                .extracting(WrongSettings::problems)
                .satisfies(problems -> assertThat(problems)
                        .anySatisfy(line -> assertThat(line).startsWith(begin).contains(more == null ? "" : more)));
    }

    @Test
    void aThousandTargetsAreTakenAndOneMoreIsNot() throws Exception {
        assertThat(Assignment.parse(targets(1_000)).json()).contains("http://a/999");
        assertThatThrownBy(() -> Assignment.parse(targets(1_001))).hasMessageContaining("targets: ");
    }

    @ParameterizedTest
    @CsvSource({
        "http://169.254.169.254/latest/meta-data/, link-local",
        "http://[fe80::1]/, link-local",
        "http://[fd00:ec2::254]/, secrets",
        "http://[::ffff:169.254.169.254]/, link-local",
        "http://100.100.100.200/, secrets",
        "http://2852039166/, four decimal numbers",
        "http://0xa9fea9fe/, four decimal numbers",
        "http://0xA9.254.0xa9.254/, four decimal numbers",
        "http://0251.0376.0251.0376/, four decimal numbers",
        "http://169.254.43518/, four decimal numbers",
        "http://127.1/, four decimal numbers",
        "http://127.0.0.1./, four decimal numbers",
        "http://１６９.２５４.１６９.２５４/, link-local",
        "'http://a/,throughput=http://169.254.169.254/', link-local"
    })
    void anAddressThatNoProbeMayMeasureIsRefusedAlready(String target, String why) {
        assertThatThrownBy(() -> Assignment.parse("{\"targets\": [\"" + target + "\"]}"))
                .hasMessageStartingWith("targets: ")
                .hasMessageContaining(why);
    }

    @Test
    void whetherAPrivateAddressIsMeasuredIsTheProbesToSay() throws Exception {
        assertThat(Assignment.parse("{\"targets\": [\"http://127.0.0.1/\", \"http://192.168.0.1/\"]}")
                        .json())
                .contains("192.168.0.1");
    }

    private static String targets(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"http://a/" + i + "\"")
                .collect(Collectors.joining(",", "{\"targets\":[", "]}"));
    }

    private static Config own(Map<String, ?> flags) {
        return Assignment.foundation(SettingsSources.merge(flags, Map.of(), null, new ArrayList<>()));
    }
}
