package io.sonde.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a page of a list takes with 10,000 clients, each measuring a target of its own, one in ten in trouble. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListTimeIT {
    private static final int CLIENTS = 10_000;
    private static final long P95_MS = 300;
    private static final int TIMES = 40;

    private final Stored stored = new Stored();
    private final Api api;

    ListTimeIT() throws Exception {
        api = new Api(stored.dataSource, series -> CompletableFuture.completedFuture(List.of()));
    }

    @BeforeAll
    void fill() throws Exception {
        stored.execute(
                "INSERT INTO series (tenant, kind, source, target, target_hash, first_window, last_window)"
                        + " SELECT 'default', 'qoe', 'client-' || lpad(n::text, 5, '0'), 'https://t' || n || '.example/',"
                        + " sha256(('https://t' || n || '.example/')::bytea), '2026-11-01Z', timestamptz '2026-11-20T09:59:00Z'"
                        + " - n % 100 * INTERVAL '1 min' FROM generate_series(1, " + CLIENTS + ") n",
                statement -> {});
        stored.execute(
                "INSERT INTO source SELECT tenant, kind, source, '{\"interface_type\":\"wifi\"}', now() FROM series",
                statement -> {});
        stored.execute(
                "INSERT INTO incident (id, series_id, label, state, version, onset, opened, last_seen, ended, peak,"
                        + " peak_verdict, rules, timeline, updated_at) SELECT 'i' || series_id || '-' || k, series_id,"
                        + " 'dns-bound', CASE WHEN k = 0 THEN 'open' ELSE 'cleared' END, 1, t, t, t, t, t, '"
                        + Stored.VERDICT + "', 'qoe-1', '[]', t FROM series, generate_series(0, 9) k,"
                        + " (SELECT timestamptz '2026-11-20T09:00:00Z' AS t) at WHERE series_id % 10 = 0",
                statement -> {});
        stored.execute("ANALYZE", statement -> {});
    }

    @AfterAll
    void stop() throws Exception {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "clients?limit=100",
                "clients?limit=100&sort=status",
                "clients?limit=100&sort=last_seen",
                "clients?limit=100&status=silent&contains=CLIENT-0",
                "targets?limit=100&sort=status",
                "targets?limit=100&status=troubled"
            })
    void aPageIsThereInTime(String question) {
        long[] tookMs = new long[TIMES];
        for (int i = -TIMES / 4; i < TIMES; i++) {
            long began = System.nanoTime();
            int status = api.get("/api/v1/" + question).status();
            if (i >= 0) {
                tookMs[i] = (System.nanoTime() - began) / 1_000_000;
            }
            assertThat(status).isEqualTo(200);
        }
        Arrays.sort(tookMs);

        assertThat(tookMs[TIMES * 95 / 100 - 1])
                .as("p95 of %s, median %d ms", question, tookMs[TIMES / 2])
                .isLessThanOrEqualTo(P95_MS);
        System.out.printf("%s: p50 %d ms, p95 %d ms%n", question, tookMs[TIMES / 2], tookMs[TIMES * 95 / 100 - 1]);
    }

    @Test
    void theWholeListIsPagedThroughInTheOrderThatIsAsked() {
        String next = "";
        int troubled = 0;
        int all = 0;
        do {
            Api.Answer page =
                    api.get("/api/v1/clients?limit=1000&sort=status" + (next.isEmpty() ? "" : "&cursor=" + next));
            for (var client : page.body().get("clients")) {
                boolean isTroubled = client.get("status").asText().equals("troubled");
                assertThat(isTroubled && all > troubled)
                        .as("one in trouble after one that is not")
                        .isFalse();
                troubled += isTroubled ? 1 : 0;
                all++;
            }
            next = page.body().path("next").asText("");
        } while (!next.isEmpty());

        assertThat(all).isEqualTo(CLIENTS);
        assertThat(troubled).isEqualTo(CLIENTS / 10);
    }
}
