package io.sonde.probe;

import io.sonde.core.TraceContext;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The traces of events that are sent, out of their JSON: they may have waited on the disk since another start. */
final class SentTraces {
    private static final Pattern FIELD = Pattern.compile("\"traceparent\":\"([0-9a-f-]{55})\"");

    private SentTraces() {}

    /** Of different traces, at most {@value TraceContext#MOST}. */
    static List<TraceContext> of(List<String> events) {
        List<TraceContext> found = new ArrayList<>(0);
        for (String event : events) {
            Matcher field = FIELD.matcher(event);
            if (found.size() < TraceContext.MOST && field.find()) {
                TraceContext.parse(field.group(1))
                        .filter(context -> found.stream().noneMatch(context::isOfSameTrace))
                        .ifPresent(found::add);
            }
        }
        return found;
    }
}
