package io.sonde.qoe;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A field that schema version 1 knows. */
enum Field {
    SCHEMA_VERSION(Group.EVENT),
    EVENT_ID(Group.EVENT),
    CLIENT_ID(Group.EVENT),
    TARGET(Group.EVENT),
    TS_MS(Group.EVENT),
    NETWORK_CONTEXT(Group.EVENT),
    TIMINGS(Group.EVENT),
    THROUGHPUT_KBPS(Group.EVENT),
    ERROR_STAGE(Group.EVENT),
    ERROR_TYPE(Group.EVENT),
    /** W3C Trace Context; what is none is no reason to refuse an event. */
    TRACEPARENT(Group.EVENT),
    INTERFACE_TYPE(Group.NETWORK_CONTEXT),
    VPN_ENABLED(Group.NETWORK_CONTEXT),
    USER_LABEL(Group.NETWORK_CONTEXT),
    DNS_MS(Group.TIMINGS),
    TCP_MS(Group.TIMINGS),
    TLS_MS(Group.TIMINGS),
    HTTP_TTFB_MS(Group.TIMINGS);

    /** Without these nothing can be counted; all else may be unknown to an honest client. */
    static final Set<Field> REQUIRED = Set.of(SCHEMA_VERSION, EVENT_ID, CLIENT_ID, TARGET, TS_MS);

    /** What a client says of itself. */
    static final List<Field> ATTRIBUTES = List.of(INTERFACE_TYPE, VPN_ENABLED, USER_LABEL);

    private final Group group;
    private final String key;

    Field(Group group) {
        this.group = group;
        this.key = name().toLowerCase(Locale.ROOT);
    }

    /** In its object: {@code dns_ms}. */
    String key() {
        return key;
    }

    /** As people write it: {@code timings.dns_ms}. */
    String path() {
        return group.prefix + key;
    }

    /** The object a field lies in. */
    enum Group {
        EVENT(""),
        NETWORK_CONTEXT("network_context."),
        TIMINGS("timings.");

        private final String prefix;

        Group(String prefix) {
            this.prefix = prefix;
        }

        String prefix() {
            return prefix;
        }

        /** By the name in the object. */
        Map<String, Field> fields() {
            return Names.BY_GROUP.getOrDefault(this, Map.of());
        }
    }

    private static final class Names {
        private static final Map<Group, Map<String, Field>> BY_GROUP = Stream.of(Field.values())
                .collect(Collectors.groupingBy(field -> field.group, Collectors.toMap(Field::key, field -> field)));
    }
}
