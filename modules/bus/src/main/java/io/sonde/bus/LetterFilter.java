package io.sonde.bus;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which dead letters are meant; what is empty does not matter.
 *
 * @param since that failed last at that time or later
 * @param until that failed last before that time
 */
public record LetterFilter(
        Set<Long> ids,
        Optional<String> tenant,
        Optional<String> kind,
        Optional<String> source,
        Optional<DeadLetter.Reason> reason,
        Optional<Instant> since,
        Optional<Instant> until) {
    public static final LetterFilter ALL = new LetterFilter(
            Set.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public LetterFilter {
        ids = Set.copyOf(ids);
    }

    boolean takes(DeadLetter letter) {
        return (ids.isEmpty() || ids.contains(letter.id()))
                && tenant.map(letter.tenant()::equals).orElse(true)
                && kind.map(letter.kind()::equals).orElse(true)
                && source.map(letter.source()::equals).orElse(true)
                && reason.map(letter.reason()::equals).orElse(true)
                && since.map(time -> !letter.last().isBefore(time)).orElse(true)
                && until.map(letter.last()::isBefore).orElse(true);
    }
}
