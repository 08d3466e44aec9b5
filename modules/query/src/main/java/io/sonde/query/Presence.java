package io.sonde.query;

import io.sonde.core.Minute;
import io.sonde.views.Listed;
import io.sonde.views.NameQuery;
import io.sonde.views.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When sources were last heard of, and which have fallen silent since; known while somebody wants to know. */
final class Presence {
    /** @param lastMs when its last window began, epoch ms */
    record Heard(String tenant, String source, long lastMs, boolean isSilent) {}

    private record Name(String tenant, String source) {}

    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);
    private static final int MOST = 50_000;
    private static final int PAGE = 1_000;

    private final String kind;
    private final Function<NameQuery, CompletionStage<Page<Listed.Source, NameQuery.Key>>> sources;
    private final Duration silentAfter;
    private final Map<Name, Heard> known = new ConcurrentHashMap<>();
    private final Set<String> looked = ConcurrentHashMap.newKeySet();

    /** @param sources which there are */
    Presence(
            String kind,
            Function<NameQuery, CompletionStage<Page<Listed.Source, NameQuery.Key>>> sources,
            Duration silentAfter) {
        this.kind = kind;
        this.sources = sources;
        this.silentAfter = silentAfter;
    }

    /** Learns of the sources that are there already, once: they may fall silent, too. */
    void look(String tenant, long nowMs) {
        if (looked.add(tenant)) {
            look(tenant, null, nowMs);
        }
    }

    /** Empty when it says nothing new: a later revision, or an older minute. */
    Optional<Heard> heard(String tenant, String source, long startMs) {
        Name name = new Name(tenant, source);
        Heard last = known.get(name);
        if (last != null && last.lastMs() >= startMs) {
            return Optional.empty();
        }
        Heard now = new Heard(tenant, source, startMs, false);
        if (last != null || known.size() < MOST) {
            known.put(name, now);
        }
        return Optional.of(now);
    }

    /** Those that have fallen silent since it was last asked. */
    List<Heard> silentSince(long nowMs) {
        List<Heard> silent = new ArrayList<>();
        known.forEach((name, heard) -> {
            Heard now = silent(heard);
            if (!heard.isSilent() && isSilentAt(heard.lastMs(), nowMs) && known.replace(name, heard, now)) {
                silent.add(now);
            }
        });
        return silent;
    }

    /** Nobody wants to know any more. */
    void forget() {
        looked.clear();
        known.clear();
    }

    private void look(String tenant, NameQuery.@Nullable Key after, long nowMs) {
        NameQuery query = new NameQuery(tenant, kind, "", "", null, NameQuery.Order.NAME, nowMs, after, PAGE);
        sources.apply(query).whenComplete((page, failure) -> {
            if (page == null) {
                LOG.warn("clients that are silent are not all known: {}", String.valueOf(failure));
                looked.remove(tenant);
                return;
            }
            page.items().forEach(source -> learn(tenant, source, nowMs));
            page.next().filter(last -> known.size() < MOST).ifPresent(last -> look(tenant, last, nowMs));
        });
    }

    /** What was heard of meanwhile is newer. */
    private void learn(String tenant, Listed.Source source, long nowMs) {
        long lastMs = source.lastWindowMs();
        known.putIfAbsent(
                new Name(tenant, source.source()),
                new Heard(tenant, source.source(), lastMs, isSilentAt(lastMs, nowMs)));
    }

    private boolean isSilentAt(long lastMs, long nowMs) {
        return nowMs - Minute.endOf(lastMs) > silentAfter.toMillis();
    }

    private static Heard silent(Heard heard) {
        return new Heard(heard.tenant(), heard.source(), heard.lastMs(), true);
    }
}
