package io.sonde.app.cli;

import io.sonde.bus.DeadLetter;
import io.sonde.bus.LetterFilter;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which dead letters a command is about. */
final class LetterChoice {
    @Option(names = "--id", paramLabel = "ID", split = ",", description = "These letters, by their numbers.")
    private Set<Long> ids = Set.of();

    @Option(names = "--tenant", paramLabel = "NAME", description = "Letters of this tenant.")
    private @Nullable String tenant;

    @Option(names = "--kind", paramLabel = "NAME", description = "Letters of this kind of telemetry.")
    private @Nullable String kind;

    @Option(names = "--source", paramLabel = "ID", description = "Letters of this source (its client_id).")
    private @Nullable String source;

    @Option(names = "--reason", paramLabel = "REASON", description = "One of: ${COMPLETION-CANDIDATES}.")
    private DeadLetter.@Nullable Reason reason;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Time.class,
            description = "Failed last at that time or later: 2026-01-31T12:00:00Z, or 90m, 12h, 7d ago.")
    private @Nullable Instant since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = Time.class,
            description = "Failed last before that time.")
    private @Nullable Instant until;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "At most so many, the oldest first (default: ${DEFAULT-VALUE}).")
    private int limit = 100;

    LetterFilter filter() {
        return new LetterFilter(
                ids,
                Optional.ofNullable(tenant),
                Optional.ofNullable(kind),
                Optional.ofNullable(source),
                Optional.ofNullable(reason),
                Optional.ofNullable(since),
                Optional.ofNullable(until));
    }

    int limit() {
        return limit;
    }

    /** A point in time, or how long ago. */
    static final class Time implements ITypeConverter<Instant> {
        private static final Pattern AGO = Pattern.compile("(\\d{1,9})([smhd])");

        @Override
        public Instant convert(String value) {
            Matcher ago = AGO.matcher(value);
            if (ago.matches()) {
                long n = Long.parseLong(ago.group(1));
                return Instant.now()
                        .minus(
                                switch (ago.group(2)) {
                                    case "s" -> Duration.ofSeconds(n);
                                    case "m" -> Duration.ofMinutes(n);
                                    case "h" -> Duration.ofHours(n);
                                    default -> Duration.ofDays(n);
                                });
            }
            try {
                return Instant.parse(value);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(
                        "'" + value + "' is no time; say it as 2026-01-31T12:00:00Z, or as 90m, 12h or 7d ago");
            }
        }
    }
}
