package io.sonde.views;

import io.sonde.core.Distribution;
import io.sonde.core.WindowAggregate;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Merges the windows of one series, of as fine a resolution as the time allows. To be asked within one snapshot. */
final class DistributionStore {
    private DistributionStore() {}

    static SeriesDistribution merged(Connection connection, DistributionQuery query) throws SQLException {
        List<SeriesDistribution.Part> windows = new ArrayList<>();
        Position after = null;
        do {
            Page<WindowRow, Position> page = WindowStore.page(
                    connection,
                    new WindowQuery(
                            query.series(), query.resolution(), query.fromMs(), query.toMs(), after, WindowQuery.MOST));
            page.items().forEach(row -> windows.add(part(row.aggregate(), query.measure())));
            after = page.last();
        } while (after != null);
        return SeriesDistribution.of(windows, query.fromMs(), query.stepMs());
    }

    /** A row written before its kind had the last measures is shorter. */
    private static SeriesDistribution.Part part(WindowAggregate window, int measure) {
        Distribution distribution =
                measure < window.measures().size() ? window.measures().get(measure) : Distribution.EMPTY;
        return new SeriesDistribution.Part(window.startMs(), window.total(), window.error(), distribution);
    }
}
