package io.sonde.app.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** SECURITY.md names a test for each threat; here each of them is looked for. */
class ThreatModelTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+)#(\\w+)`");

    @Test
    void eachThreatHasATestThatThereIs() throws IOException {
        List<String> threats = Files.readAllLines(ROOT.resolve("SECURITY.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| Threat"))
                .toList();

        assertThat(threats).hasSizeGreaterThan(15).allSatisfy(threat -> {
            List<MatchResult> named = NAMED.matcher(threat).results().toList();
            assertThat(named).as(threat).isNotEmpty().allSatisfy(name -> assertThat(sources(name.group(1)))
                    .as(name.group())
                    .anyMatch(source -> source.contains(" " + name.group(2) + "(")));
        });
    }

    private static List<String> sources(String name) throws IOException {
        try (Stream<Path> modules = Files.walk(ROOT.resolve("modules"));
                Stream<Path> probe = Files.walk(ROOT.resolve("probe"))) {
            return Stream.concat(modules, probe)
                    .filter(file ->
                            file.endsWith(name + ".java") && file.toString().contains("src"))
                    .map(ThreatModelTest::text)
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
