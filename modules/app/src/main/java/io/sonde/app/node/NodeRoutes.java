package io.sonde.app.node;

import static org.apache.pekko.http.javadsl.server.Directives.concat;

import com.typesafe.config.Config;
import io.sonde.app.metrics.MetricsSettings;
import io.sonde.app.metrics.NodeMetrics;
import io.sonde.app.probes.ProbeRoutes;
import io.sonde.app.probes.Probes;
import io.sonde.app.settings.Adjustable;
import io.sonde.app.settings.SettingsRoutes;
import io.sonde.app.settings.ThresholdTable;
import io.sonde.app.users.Admission;
import io.sonde.app.web.BrowserHeaders;
import io.sonde.app.web.WebApplication;
import io.sonde.core.Counters;
import io.sonde.core.Recorder;
import io.sonde.core.Signal;
import io.sonde.core.Tracing;
import io.sonde.edge.Access;
import io.sonde.edge.EdgeSettings;
import io.sonde.edge.IngestRoutes;
import io.sonde.edge.Problems;
import io.sonde.edge.TlsFiles;
import io.sonde.problems.ClusterProblems;
import io.sonde.query.LogLevelRoutes;
import io.sonde.query.LogLevels;
import io.sonde.query.ProblemOrders;
import io.sonde.query.QueryRoutes;
import io.sonde.query.Streams;
import io.sonde.views.WindowQueries;
import java.time.Clock;
import org.apache.pekko.http.javadsl.server.Route;

/** Everything a node serves on its one port. */
final class NodeRoutes {
    private NodeRoutes() {}

    static Route of(
            Signal signal,
            Engine engine,
            ClusterProblems problems,
            WindowQueries queries,
            Streams streams,
            Admission admission,
            Health health,
            ClockWatch clocks,
            NodeMetrics metrics,
            Tracing tracing,
            LogLevels levels,
            Adjustable settings,
            Probes probes,
            Jdbc jdbc,
            Clock clock,
            Config config) {
        Counters counters = metrics.counters();
        Access access = admission.access(counters);
        Route scrape = metrics.route(MetricsSettings.from(config.getConfig("sonde")), access, signal, queries, clock);
        Recorder received = metrics.delays().received(engine.bus());
        var ingest = new IngestRoutes(signal, received, access, counters, tracing, clock, EdgeSettings.from(config));
        metrics.watchClock(clocks::ahead);
        metrics.watchNeeds(health::lastFound);
        metrics.watchWatermark(engine.bus(), clock);
        metrics.watchInFlight(ingest::bytesInFlight, ingest::batchesInFlight);
        var query = new QueryRoutes(access, signal.kind(), queries, engine.windows(), engine.bus(), counters, clock);
        var orders = new ProblemOrders(access, signal.kind(), problems, admission.audit(), clock);
        var logs = new LogLevelRoutes(access, levels, admission.audit());
        var thresholds = new ThresholdTable(jdbc.views());
        boolean secured = TlsFiles.from(config.getConfig("sonde.http.tls")).areSet();
        // What comes most often is looked at first: each route before it would be tried with every batch.
        Route all = concat(
                ingest.route(clocks::guard),
                health.route(),
                scrape,
                query.routes(),
                orders.routes(),
                logs.routes(),
                admission.routes(access, secured, counters),
                new ProbeRoutes(access, signal.kind(), probes, clock).routes(),
                new SettingsRoutes(access, signal, settings, thresholds, queries, jdbc.blocking(), clock).routes(),
                streams.route(access),
                WebApplication.route());
        return metrics.edge().measured(BrowserHeaders.on(secured, Problems.seal(all)));
    }
}
