package io.sonde.edge;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Receipt;
import io.sonde.edge.Intake.RefusedEvent;
import java.io.IOException;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** What a sender is told of its events. */
final class IngestAnswer {
    private IngestAnswer() {}

    /** 202; {@code duplicate} only when the journal has counted, for the bus knows none. */
    static HttpResponse accepted(Receipt receipt, Intake intake) {
        return HttpResponse.create()
                .withStatus(StatusCodes.ACCEPTED)
                .withEntity(ContentTypes.APPLICATION_JSON, Json.object(json -> {
                    json.writeNumberField("accepted", receipt.accepted());
                    if (receipt.counted()) {
                        json.writeNumberField("duplicate", receipt.duplicate());
                    }
                    json.writeNumberField("late", receipt.late() + intake.late());
                    writeRefused(json, intake.refused());
                }));
    }

    static HttpResponse allRefused(Intake intake) {
        return new Problem(
                        422,
                        "nothing-acceptable",
                        "No event can be taken",
                        "Every event is refused; the reasons are under refused. Sending the same again will not help.")
                .with(json -> writeRefused(json, intake.refused()))
                .response();
    }

    static HttpResponse allForeign(Intake intake) {
        return new Problem(
                        403,
                        "foreign-client",
                        "Token of another client",
                        intake.refused().get(0).detail())
                .response();
    }

    private static void writeRefused(JsonGenerator json, List<RefusedEvent> refused) throws IOException {
        json.writeArrayFieldStart("refused");
        for (RefusedEvent event : refused) {
            json.writeStartObject();
            json.writeNumberField("index", event.index());
            json.writeStringField("event_id", event.eventId());
            json.writeStringField("reason", event.reason().code());
            json.writeStringField("detail", event.detail());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
