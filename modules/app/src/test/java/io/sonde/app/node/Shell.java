package io.sonde.app.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** One sh, in which variables last from one command to the next. */
final class Shell implements AutoCloseable {
    private static final String END = "---- end of the answer ----";

    private final Process process;
    private final Writer in;
    private final BufferedReader out;

    /** @param home in which a curl finds settings of its own: that it writes the status after the body */
    Shell(Path home, Map<String, String> variables) throws IOException {
        Files.writeString(home.resolve(".curlrc"), "write-out = \"\\n%{http_code}\\n\"\nmax-time = 20\n");
        ProcessBuilder builder = new ProcessBuilder("sh").redirectErrorStream(true);
        builder.environment().put("CURL_HOME", home.toString());
        builder.environment().putAll(variables);
        process = builder.start();
        in = process.outputWriter();
        out = process.inputReader();
    }

    /** What the commands print. */
    String run(String commands) throws IOException {
        in.write(commands + "\necho; echo '" + END + "'\n");
        in.flush();
        StringBuilder printed = new StringBuilder();
        for (String line = out.readLine(); !END.equals(line); line = out.readLine()) {
            if (line == null) {
                throw new IOException("the shell has ended: " + printed);
            }
            printed.append(line).append('\n');
        }
        return printed.toString();
    }

    @Override
    public void close() throws IOException {
        in.close();
        var unused = process.onExit().join();
    }
}
