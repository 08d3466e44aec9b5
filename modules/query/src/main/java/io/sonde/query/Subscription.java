package io.sonde.query;

import io.sonde.core.Glob;
import io.sonde.core.Kind;
import io.sonde.problems.Problem;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a reader of the stream wants to know.
 *
 * @param id the reader's own name for it
 * @param source of whom, null for everybody
 * @param target of what, null for everything
 */
record Subscription(String id, Channel channel, @Nullable Glob source, @Nullable Glob target) {
    /** What there is to know. */
    enum Channel {
        WINDOWS,
        INCIDENTS,
        PROBLEMS,
        CLIENTS;

        /** As in messages: {@code windows}. */
        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int LONGEST_ID = 64;
    /** A pattern costs its length times that of each name it is held against; a name without {@code *} costs nothing. */
    private static final int LONGEST_PATTERN = 255;

    Subscription {
        Objects.requireNonNull(id);
        Objects.requireNonNull(channel);
    }

    /** Of {@code {"id":…,"channel":…}}, with the names of the filters if there are some. */
    static Subscription of(Body asked, Kind kind) {
        asked.allow(Set.of("id", "channel", kind.sourceField(), "target"));
        Channel channel = channel(asked.text("channel").orElse(""));
        Glob target = pattern("target", QueryRoutes.LONGEST_TARGET, asked);
        if (channel == Channel.CLIENTS && target != null) {
            throw Parameters.invalid(
                    "target", target.text(), "none: a client is there or silent, whatever it measures");
        }
        return new Subscription(
                id(asked), channel, pattern(kind.sourceField(), QueryRoutes.LONGEST_SOURCE, asked), target);
    }

    static String id(Body asked) {
        String id = asked.text("id").orElse("");
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            throw Parameters.invalid("id", id, "a text of 1 to " + LONGEST_ID + " characters, of your choice");
        }
        return id;
    }

    boolean wants(String ofSource, String ofTarget) {
        return wantsSource(ofSource) && matches(target, ofTarget);
    }

    boolean wantsSource(String ofSource) {
        return matches(source, ofSource);
    }

    /** One of its incidents is enough. */
    boolean wants(Problem problem) {
        return (source == null && target == null)
                || problem.members().stream().anyMatch(member -> wants(member.source(), member.target()));
    }

    private static boolean matches(@Nullable Glob pattern, String name) {
        return pattern == null || pattern.matches(name);
    }

    private static Channel channel(String code) {
        return Arrays.stream(Channel.values())
                .filter(channel -> channel.code().equals(code))
                .findFirst()
                .orElseThrow(() -> Parameters.invalid("channel", code, "one of " + String.join(", ", channels())));
    }

    private static Set<String> channels() {
        return Arrays.stream(Channel.values()).map(Channel::code).collect(Collectors.toCollection(TreeSet::new));
    }

    private static @Nullable Glob pattern(String name, int longest, Body asked) {
        String text = asked.text(name).orElse("");
        int most = text.contains("*") ? LONGEST_PATTERN : longest;
        if (text.length() > most) {
            throw Parameters.invalid(
                    name, text, "at most " + most + " characters" + (most < longest ? " with a *" : ""));
        }
        return text.isEmpty() ? null : new Glob(text);
    }
}
