package io.sonde.app.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** README and {@code docs/}: what they point to is there. {@code ApiGuideIT} runs what the API guide says. */
class DocumentsTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern LINK = Pattern.compile("]\\(([^):#]+)(#[^)]*)?\\)");
    private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z]\\w+)(\\.\\w+)?`");

    private static final Pattern KEY = Pattern.compile("(?m)^\\| `((?:sonde|pekko)\\.[a-z.-]+)` \\| ([^|]+) \\|");

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            LINK.matcher(Files.readString(document))
                    .results()
                    .map(link -> link.group(1))
                    .filter(link -> !Files.exists(document.resolveSibling(link)))
                    .forEach(link -> broken.add(document + ": " + link));
        }

        assertThat(broken).isEmpty();
    }

    @Test
    void everyClassOfTheArchitectureIsThere() throws IOException {
        String sources = sources();

        assertThat(CLASS.matcher(Files.readString(ROOT.resolve("docs/architecture.md")))
                        .results()
                        .map(name -> name.group(1))
                        .collect(Collectors.toSet()))
                .hasSizeGreaterThan(40)
                .allMatch(
                        name -> sources.contains("/" + name + ".java\n") || sources.contains(" record " + name + "("));
    }

    @Test
    void whatTheTuningGuideCallsADefaultIsOne() throws IOException {
        Config defaults = defaults();
        List<String> keys = new ArrayList<>();
        List<String> wrong = new ArrayList<>();

        KEY.matcher(Files.readString(ROOT.resolve("docs/tuning.md"))).results().forEach(row -> {
            keys.add(row.group(1));
            String value = defaults.hasPath(row.group(1)) ? defaults.getString(row.group(1)) : "no such key";
            if (!value.replace(" ", "").equals(row.group(2).replace(" ", ""))) {
                wrong.add(row.group(1) + ": " + value);
            }
        });

        assertThat(keys).hasSizeGreaterThan(40).doesNotHaveDuplicates();
        assertThat(wrong).isEmpty();
    }

    /** Of all modules and the probe. */
    private static Config defaults() throws IOException {
        Config defaults = ConfigFactory.empty();
        for (String module : List.of("modules", "probe")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
                for (Path file : files.filter(one -> one.endsWith("src/main/resources/reference.conf")
                                || one.endsWith("src/main/resources/cluster.conf"))
                        .toList()) {
                    defaults = defaults.withFallback(ConfigFactory.parseFile(file.toFile()));
                }
            }
        }
        return defaults.resolve();
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), files.filter(file -> file.toString()
                            .endsWith(".md")))
                    .toList();
        }
    }

    /** The names of all files, and the text of those that hold other types beside their own. */
    private static String sources() throws IOException {
        StringBuilder sources = new StringBuilder();
        for (String module : Set.of("modules", "probe")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
                for (Path file :
                        files.filter(one -> one.toString().endsWith(".java")).toList()) {
                    sources.append('/').append(file.getFileName()).append('\n');
                    if (file.toString().endsWith("Event.java")) {
                        sources.append(Files.readString(file));
                    }
                }
            }
        }
        return sources.toString();
    }
}
