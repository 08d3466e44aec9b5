package io.sonde.app.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/runbook.md against the alerts. */
class RunbookTest {
    private static final Pattern PARAGRAPH = Pattern.compile("(?ms)^### (\\w+)$(.*?)(?=^##|\\z)");
    private static final Pattern REFERENCE = Pattern.compile("\\[(\\w+)]\\(#(\\w+)\\)");

    @Test
    void eachAlertHasAParagraphAndEachParagraphAnAlert() throws Exception {
        assertThat(paragraphs().stream().map(paragraph -> paragraph.group(1)))
                .containsExactlyInAnyOrderElementsOf(Deployment.alerts().stream()
                        .map(alert -> alert.path("alert").asText())
                        .toList());
    }

    @Test
    void eachParagraphSaysWhatItMeansWhereToLookAndWhatCures() throws Exception {
        assertThat(paragraphs()).allSatisfy(paragraph -> assertThat(paragraph.group(2))
                .contains("**Meaning.** ", "**First look.** ", "**Cure.** "));
    }

    @Test
    void anAlertNamesItsParagraphAndSaysWhatHappenedAndHowGraveItIs() throws Exception {
        assertThat(Deployment.alerts()).isNotEmpty().allSatisfy(alert -> {
            String name = alert.path("alert").asText();
            assertThat(alert.path("annotations").path("runbook").asText())
                    .isEqualTo("docs/runbook.md#" + name.toLowerCase(Locale.ROOT));
            assertThat(alert.path("annotations").path("summary").asText()).isNotBlank();
            assertThat(alert.path("annotations").path("description").asText()).isNotBlank();
            assertThat(alert.path("labels").path("severity").asText()).isIn("critical", "warning", "info");
        });
    }

    @Test
    void paragraphsReferToOnesThatThereAre() throws Exception {
        List<String> names =
                paragraphs().stream().map(paragraph -> paragraph.group(1)).toList();

        assertThat(REFERENCE.matcher(text()).results()).isNotEmpty().allSatisfy(reference -> {
            assertThat(names).contains(reference.group(1));
            assertThat(reference.group(2)).isEqualTo(reference.group(1).toLowerCase(Locale.ROOT));
        });
    }

    private static List<MatchResult> paragraphs() throws Exception {
        return PARAGRAPH.matcher(text()).results().toList();
    }

    private static String text() throws Exception {
        return Files.readString(Deployment.ROOT.resolve("docs/runbook.md"));
    }
}
