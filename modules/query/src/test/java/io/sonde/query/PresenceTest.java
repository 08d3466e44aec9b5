package io.sonde.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Unavailable;
import io.sonde.query.Presence.Heard;
import io.sonde.views.Listed;
import io.sonde.views.NameQuery;
import io.sonde.views.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class PresenceTest {
    private static final long MINUTE = 60_000;
    private static final NameQuery.Key RECENT = new NameQuery.Key("recent", 8 * MINUTE, NameQuery.Status.WELL, 0);

    private final List<NameQuery> asked = new ArrayList<>();
    private final Map<String, Page<Listed.Source, NameQuery.Key>> pages = Map.of(
            "", new Page<>(List.of(source("old", 0), source("recent", 8 * MINUTE)), RECENT),
            "recent", new Page<>(List.of(source("zoe", 8 * MINUTE)), null));
    private final Presence presence = new Presence("qoe", this::sources, Duration.ofMinutes(3));

    @Test
    void whoIsHeardOfSaysSoOnceAMinute() {
        assertThat(presence.heard("t", "a", 5 * MINUTE)).contains(new Heard("t", "a", 5 * MINUTE, false));
        assertThat(presence.heard("t", "a", 5 * MINUTE)).as("a later revision").isEmpty();
        assertThat(presence.heard("t", "a", 4 * MINUTE)).as("an older minute").isEmpty();
        assertThat(presence.heard("t", "a", 6 * MINUTE)).isPresent();
        assertThat(presence.heard("other", "a", 5 * MINUTE))
                .as("another tenant's")
                .isPresent();
    }

    @Test
    void whoFallsSilentIsSaidOnceAndSpeaksAgain() {
        presence.heard("t", "a", 0);

        assertThat(presence.silentSince(MINUTE + 3 * MINUTE)).isEmpty();
        assertThat(presence.silentSince(MINUTE + 3 * MINUTE + 1)).containsExactly(new Heard("t", "a", 0, true));
        assertThat(presence.silentSince(20 * MINUTE)).isEmpty();
        assertThat(presence.heard("t", "a", 20 * MINUTE)).contains(new Heard("t", "a", 20 * MINUTE, false));
    }

    @Test
    void whoWasThereBeforeAnybodyAskedFallsSilentToo() {
        presence.look("t", 10 * MINUTE);
        presence.look("t", 10 * MINUTE);

        assertThat(asked).as("each page once").hasSize(2);
        assertThat(presence.silentSince(10 * MINUTE))
                .as("old is known to be silent")
                .isEmpty();
        assertThat(presence.silentSince(13 * MINUTE))
                .extracting(Heard::source)
                .containsExactlyInAnyOrder("recent", "zoe");
    }

    @Test
    void whatCouldNotBeAskedIsAskedTheNextTime() {
        List<String> tries = new ArrayList<>();
        Presence away = new Presence(
                "qoe",
                query -> {
                    tries.add(query.tenant());
                    return CompletableFuture.failedFuture(new Unavailable("away", 1, null));
                },
                Duration.ofMinutes(3));

        away.look("t", 0);
        away.look("t", 0);

        assertThat(tries).hasSize(2);
    }

    @Test
    void nothingIsKeptOnceNobodyWantsToKnow() {
        presence.heard("t", "a", 0);

        presence.forget();

        assertThat(presence.silentSince(60 * MINUTE)).isEmpty();
    }

    private CompletionStage<Page<Listed.Source, NameQuery.Key>> sources(NameQuery query) {
        asked.add(query);
        Page<Listed.Source, NameQuery.Key> page = pages.get(
                Optional.ofNullable(query.after()).map(NameQuery.Key::name).orElse(""));
        return page == null
                ? CompletableFuture.failedFuture(new AssertionError(query.toString()))
                : CompletableFuture.completedFuture(page);
    }

    private static Listed.Source source(String name, long lastMs) {
        return new Listed.Source(
                name, Map.of(), 1, 0, lastMs, new Listed.Condition(NameQuery.Status.WELL, 0, null, List.of()));
    }
}
