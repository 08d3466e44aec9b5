package io.sonde.edge;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Objects;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * Why a request was not done, for the program that sent it and for the person who reads its log (RFC 9457).
 *
 * @param slug stable; {@code type} is {@code /problems/<slug>}
 * @param title the same for every problem of the type
 * @param detail what was expected this time, and what to do
 * @param retryAfterSeconds when the same may be sent again ({@code Retry-After}), 0 for never
 * @param more members of this type beside the standard ones
 */
public record Problem(int status, String slug, String title, String detail, int retryAfterSeconds, Json.Members more) {
    private static final ContentType.NonBinary CONTENT_TYPE =
            ContentTypes.create(MediaTypes.applicationWithFixedCharset("problem+json", HttpCharsets.UTF_8));

    public Problem {
        Objects.requireNonNull(slug);
        Objects.requireNonNull(title);
        Objects.requireNonNull(detail);
        Objects.requireNonNull(more);
    }

    public Problem(int status, String slug, String title, String detail) {
        this(status, slug, title, detail, 0, json -> {});
    }

    public Problem with(Json.Members members) {
        return new Problem(status, slug, title, detail, retryAfterSeconds, members);
    }

    Problem retryAfter(int seconds) {
        return new Problem(status, slug, title, detail, seconds, more);
    }

    public HttpResponse response() {
        HttpResponse response = HttpResponse.create()
                .withStatus(StatusCodes.get(status))
                .withEntity(CONTENT_TYPE, Json.object(this::write));
        return retryAfterSeconds == 0
                ? response
                : response.addHeader(RawHeader.create("Retry-After", Integer.toString(retryAfterSeconds)));
    }

    private void write(JsonGenerator json) throws IOException {
        json.writeStringField("type", "/problems/" + slug);
        json.writeStringField("title", title);
        json.writeNumberField("status", status);
        json.writeStringField("detail", detail);
        more.write(json);
    }
}
