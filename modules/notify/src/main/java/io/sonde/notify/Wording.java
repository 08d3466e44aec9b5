package io.sonde.notify;

import io.sonde.core.Evidence;
import io.sonde.core.Norm;
import io.sonde.core.Notification;
import io.sonde.core.Notification.Member;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What people read, the same on each channel. It knows no signal: what a label or a number means is in its name. What comes
 * from outside is one line, without control characters, whatever it was.
 */
final class Wording {
    private static final Pattern CONTROL =
            Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]+");
    private static final int MEMBERS = 10;
    private static final MathContext THREE_DIGITS = new MathContext(3, RoundingMode.HALF_UP);
    private static final double WHOLE = 1_000;

    private Wording() {}

    /** {@code server-bound: https://shop.example/ from 12 sources (target side)}. */
    static String title(Notification notification) {
        return (notification.resolved() ? "resolved: " : "") + inOneLine(notification.label()) + ": "
                + switch (notification.scope()) {
                    case TARGET -> targets(notification) + " from " + sources(notification) + " (target side)";
                    case SOURCE -> sources(notification) + " to " + targets(notification) + " (source side)";
                    case PATH -> sources(notification) + " to " + targets(notification) + " (between them)";
                };
    }

    /** When it began, how long it lasted, and what it is part of. */
    static String facts(Notification notification) {
        Long ended = notification.endedMs();
        return "since " + time(notification.startedMs())
                + (ended == null
                        ? ""
                        : ", over at " + time(ended) + " after " + lasted(notification.startedMs(), ended))
                + ", problem " + inOneLine(notification.problem()) + ", tenant " + inOneLine(notification.tenant())
                + ", kind " + inOneLine(notification.kind());
    }

    /** Each incident with its evidence, the worst first; after ten, how many more. */
    static List<String> lines(Notification notification) {
        List<String> lines = new ArrayList<>();
        List<Member> members = notification.members();
        for (Member member : members.subList(0, Math.min(MEMBERS, members.size()))) {
            lines.add(member(member));
            member.evidence().forEach(evidence -> lines.add("  " + evidence(evidence)));
        }
        if (members.size() > MEMBERS) {
            lines.add("and " + (members.size() - MEMBERS) + " more");
        }
        return lines;
    }

    /** {@code server-bound: berlin-1 to https://shop.example/ since 2026-11-20T23:00:00Z}. */
    static String member(Member member) {
        Long ended = member.endedMs();
        return inOneLine(member.label()) + ": " + inOneLine(member.source()) + " to " + inOneLine(member.target())
                + " since " + time(member.onsetMs()) + (ended == null ? "" : " until " + time(ended));
    }

    /** {@code ttfb_p95 412 ms, usually 48 ± 6 ms (10 windows), threshold 60 ms}. */
    static String evidence(Evidence evidence) {
        String unit = evidence.unit().isEmpty() ? "" : " " + inOneLine(evidence.unit());
        return inOneLine(evidence.of()) + " " + number(evidence.observed()) + unit
                + norm(", usually ", evidence.recent(), unit) + norm(", at this hour ", evidence.sameHour(), unit)
                + ", threshold " + number(evidence.threshold()) + unit;
    }

    static String time(long epochMs) {
        return Instant.ofEpochMilli(epochMs).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static String inOneLine(String text) {
        return CONTROL.matcher(text).replaceAll(" ").strip();
    }

    /** At most so many characters; never half of one. */
    static String shortened(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
        return text.substring(0, end) + "…";
    }

    private static String sources(Notification notification) {
        return oneOrMany(notification.source(), notification, Member::source, " sources");
    }

    private static String targets(Notification notification) {
        return oneOrMany(notification.target(), notification, Member::target, " targets");
    }

    private static String oneOrMany(
            @Nullable String common, Notification notification, Function<Member, String> each, String noun) {
        if (common != null) {
            return inOneLine(common);
        }
        List<String> different =
                notification.members().stream().map(each).distinct().toList();
        return different.size() == 1 ? inOneLine(different.get(0)) : different.size() + noun;
    }

    private static String norm(String word, Norm norm, String unit) {
        return norm.isKnown()
                ? word + number(norm.mean()) + " ± " + number(norm.deviation()) + unit + " (" + norm.windows()
                        + (norm.windows() == 1 ? " window)" : " windows)")
                : "";
    }

    private static String number(double value) {
        if (!Double.isFinite(value)) {
            return "?";
        }
        BigDecimal exact = BigDecimal.valueOf(value);
        BigDecimal rounded =
                Math.abs(value) >= WHOLE ? exact.setScale(0, RoundingMode.HALF_UP) : exact.round(THREE_DIGITS);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    private static String lasted(long startedMs, long endedMs) {
        long minutes = Math.max(0, (endedMs - startedMs) / 60_000);
        return minutes < 60 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
    }
}
