package io.sonde.app.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The examples of {@code docs/api.md}, in its order: what is typed, and what is said to come back. */
record ApiGuide(List<Example> examples) {
    private static final Path FILE = Path.of("..", "..", "docs", "api.md");
    private static final Pattern EXAMPLE = Pattern.compile(
            "```sh\\n(.*?)```\\n```http\\nHTTP/1\\.1 (\\d{3}) [^\\n]*\\n\\n(.*?)\\n```", Pattern.DOTALL);
    private static final Pattern METHOD = Pattern.compile(" -X ([A-Z]+) ");
    private static final Pattern PATH = Pattern.compile("\"\\$SONDE(/[^\"?]*)");

    /**
     * @param commands of a shell, the last a curl
     * @param body some members of the answer, or some of its lines
     */
    record Example(String commands, int status, String body) {
        /** Of its last curl, as {@code GET /healthz}. */
        String route() {
            String curl = commands.substring(commands.lastIndexOf("curl "));
            MatchResult path = PATH.matcher(curl).results().findFirst().orElseThrow();
            Matcher given = METHOD.matcher(curl);
            String method =
                    given.find() ? given.group(1) : curl.contains(" -d ") || curl.contains(" --data") ? "POST" : "GET";
            return method + " " + path.group(1);
        }
    }

    static ApiGuide read() throws IOException {
        String guide = Files.readString(FILE);
        List<Example> examples = new ArrayList<>();
        for (MatchResult found : EXAMPLE.matcher(guide).results().toList()) {
            if (found.group(1).contains("```")) {
                throw new IllegalStateException("it has no answer: " + found.group(1));
            }
            examples.add(new Example(found.group(1), Integer.parseInt(found.group(2)), found.group(3)));
        }
        return new ApiGuide(examples);
    }
}
