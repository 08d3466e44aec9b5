package io.sonde.faults;

import io.sonde.testkit.NodeProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many objects of each class a node holds, as its garbage collector finds them when it is told to run now. */
record LiveObjects(Map<String, Long> byClass) {
    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(\\S+).*");

    LiveObjects {
        byClass = Map.copyOf(byClass);
    }

    static LiveObjects of(NodeProcess node) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(jcmd, Long.toString(node.pid()), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(text);
        }
        Map<String, Long> counts = new HashMap<>();
        text.lines()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .forEach(line -> counts.merge(line.group(2), Long.parseLong(line.group(1)), Long::sum));
        return new LiveObjects(counts);
    }

    long count(Class<?> type) {
        return byClass.getOrDefault(type.getName(), 0L);
    }
}
