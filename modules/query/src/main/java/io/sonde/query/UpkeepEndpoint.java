package io.sonde.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Scope;
import io.sonde.views.UpkeepRun;
import io.sonde.views.WindowQueries;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /upkeep}: how each part of it last went. It is of the whole database, so the same for all tenants. */
final class UpkeepEndpoint {
    private final WindowQueries queries;

    UpkeepEndpoint(WindowQueries queries) {
        this.queries = queries;
    }

    Endpoint get() {
        return new Endpoint("upkeep", Set.of(), Scope.READ, (grant, parameters) -> queries.upkeep()
                .thenApply(runs -> json -> {
                    json.writeArrayFieldStart("upkeep");
                    for (UpkeepRun run : runs) {
                        write(run, json);
                    }
                    json.writeEndArray();
                }));
    }

    private static void write(UpkeepRun run, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("what", run.what());
        json.writeStringField("outcome", run.outcome().name().toLowerCase(Locale.ROOT));
        json.writeStringField("node", run.node());
        writeTime("started_ts", run.startedMs(), json);
        json.writeFieldName("took_ms");
        if (run.tookMs() == null) {
            json.writeNull();
        } else {
            json.writeNumber(run.tookMs());
        }
        json.writeNumberField("partitions", run.partitions());
        json.writeNumberField("rows", run.rows());
        json.writeNumberField("bytes", run.bytes());
        json.writeStringField("error", run.error());
        writeTime("last_done_ts", run.lastDoneMs(), json);
        json.writeEndObject();
    }

    private static void writeTime(String name, @Nullable Long timeMs, JsonGenerator json) throws IOException {
        json.writeStringField(
                name, timeMs == null ? null : Instant.ofEpochMilli(timeMs).toString());
    }
}
