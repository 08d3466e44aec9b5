package io.sonde.app.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** What a document tells its reader to type: the lines of its {@code sh} blocks, and what in its text is a command. */
final class DocumentedCommands {
    private static final Path DOCS = Path.of("..", "..", "docs");
    private static final Pattern BLOCK = Pattern.compile("(?s)```(\\w*)\\n(.*?)```");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern COMMENT = Pattern.compile("\\s+# .*");
    /** A word and more: a single word is a name. */
    private static final Pattern WORDS = Pattern.compile("[A-Za-z][\\w./-]* .+");

    private static final Pattern SETTING = Pattern.compile("[\\w.-]+(:| =) .*");
    private static final String GIVEN_ABOVE = "--config …";

    private DocumentedCommands() {}

    /** Each once; {@code --config …} written out. */
    static Set<String> of(String document) throws IOException {
        String text = Files.readString(DOCS.resolve(document));
        Set<String> commands = new LinkedHashSet<>();
        BLOCK.matcher(text)
                .results()
                .filter(block -> block.group(1).equals("sh"))
                .forEach(block -> block.group(2)
                        .lines()
                        .map(line -> COMMENT.matcher(line).replaceFirst("").strip())
                        .forEach(commands::add));
        CODE.matcher(BLOCK.matcher(text).replaceAll(""))
                .results()
                .map(code -> code.group(1).replaceAll("\\s+", " ").replace(GIVEN_ABOVE, "--config conf/sonde.conf"))
                .filter(DocumentedCommands::isCommand)
                .forEach(commands::add);
        return commands;
    }

    /** What leaves something out is what a program says: nobody can type it. */
    private static boolean isCommand(String code) {
        return WORDS.matcher(code).matches() && !SETTING.matcher(code).matches() && !code.contains("…");
    }
}
