package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Norm;
import io.sonde.core.Quantile;
import io.sonde.core.SourceId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class UsualHoursStoreIT {
    private static final long HOUR_MS = Resolution.HOUR.startOf(Given.START_MS);
    private static final long DAY_MS = Duration.ofDays(1).toMillis();
    private static final String TARGET = "https://a.example/";

    private final ReadSide readSide = new ReadSide();

    @Test
    void theSameHourOfTheSevenDaysBeforeMakesTheNorms() throws Exception {
        double[] values = {999, 10, 20, 30, 40, 50, 60, 70, 999};
        for (int day = 0; day < values.length; day++) {
            hour(Given.SOURCE, HOUR_MS - day * DAY_MS, values[day]);
            hour(Given.SOURCE, HOUR_MS - day * DAY_MS + Resolution.HOUR.lengthMs(), 500);
        }
        hour(new SourceId("other", "some", "berlin-1", 0), HOUR_MS - DAY_MS, 500);
        readSide.rollUp(HOUR_MS + 10 * DAY_MS);

        Map<String, List<Norm>> norms = ask(new UsualHoursStore(readSide.dataSource));

        assertThat(norms).containsOnlyKeys(TARGET);
        List<Norm> numbers = norms.getOrDefault(TARGET, List.of());
        Norm p95 = numbers.get(Quantile.p95(0).index());
        assertThat(p95.mean()).isEqualTo(40);
        assertThat(p95.deviation()).isEqualTo(Math.sqrt(2_800 / 6.0));
        assertThat(p95.windows()).isEqualTo(7);
        assertThat(numbers.get(Quantile.p50(0).index()).mean()).isEqualTo(40);
        assertThat(numbers.get(Quantile.p50(1).index())).isEqualTo(Norm.NONE);
    }

    @Test
    void ofASourceWithoutHoursNothingIsKnown() throws Exception {
        assertThat(ask(new UsualHoursStore(readSide.dataSource))).isEmpty();
    }

    @Test
    void withoutItsDatabaseNothingIsKnown() throws Exception {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setPortNumbers(new int[] {1});

        assertThat(ask(new UsualHoursStore(nowhere))).isEmpty();
    }

    private static Map<String, List<Norm>> ask(UsualHoursStore store) throws Exception {
        return store.sameHour(Given.SOURCE, HOUR_MS).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private void hour(SourceId source, long startMs, double value) {
        readSide.write(Given.diagnosed(source, startMs, startMs, Given.window(TARGET, startMs, 0, value)));
    }
}
