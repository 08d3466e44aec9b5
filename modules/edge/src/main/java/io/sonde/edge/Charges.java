package io.sonde.edge;

import io.sonde.core.Grant;
import io.sonde.core.MalformedBody;
import io.sonde.core.Reading;
import io.sonde.core.Readings;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request costs, in events, and whose bucket pays. An event costs one, whatever becomes of it; the client it names
 * pays, if the token may post for that one, otherwise the token's holder. A body costs no less than its part of the largest
 * there may be, so that neither padding nor what cannot be read is free.
 */
final class Charges {
    /** No client's id has it. */
    private static final String TOKEN = "\0";

    private final Map<String, Integer> events = new HashMap<>();
    private final Grant grant;
    private @Nullable String first;

    private Charges(Grant grant) {
        this.grant = grant;
    }

    /** @param length of the body in bytes, decompressed */
    static Map<String, Integer> of(Readings readings, int length, Grant grant, EdgeSettings settings) {
        var charges = new Charges(grant);
        for (Reading event : readings.events()) {
            charges.add(source(event));
        }
        charges.addRest(part(length, settings) - readings.events().size());
        return charges.events;
    }

    /** @param length of a body that is not events, in bytes, decompressed */
    static Map<String, Integer> ofMalformed(MalformedBody body, int length, Grant grant, EdgeSettings settings) {
        return body.isTooManyEvents() ? ofTooLarge(grant, settings) : Map.of(holder(grant), part(length, settings));
    }

    /** As the largest request; also for a body of which nobody knows how large it would have been. */
    static Map<String, Integer> ofTooLarge(Grant grant, EdgeSettings settings) {
        return Map.of(holder(grant), settings.maxEvents());
    }

    private void add(@Nullable String source) {
        String payer = source != null && grant.mayPostFor(source) ? source : holder(grant);
        if (first == null) {
            first = payer;
        }
        events.merge(payer, 1, Integer::sum);
    }

    private void addRest(int more) {
        if (more > 0) {
            events.merge(first == null ? holder(grant) : first, more, Integer::sum);
        }
    }

    /** The client, of a token that is bound to one. */
    private static String holder(Grant grant) {
        String client = grant.source();
        return client == null ? TOKEN + grant.who() : client;
    }

    /** 1 to the most events of a request, which is never more than a burst. */
    private static int part(int length, EdgeSettings settings) {
        return (int) Math.max(1, (long) length * settings.maxEvents() / settings.maxBodyBytes());
    }

    private static @Nullable String source(Reading event) {
        return event instanceof Reading.Valid valid ? valid.source() : ((Reading.Refused) event).source();
    }
}
