package io.sonde.edge;

import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/** The answer to what is not even a request: named in {@code reference.conf}, found by pekko-http through {@code MODULE$}. */
public final class ParsingProblems extends ParsingErrorHandler {
    @SuppressWarnings("unused") // read by reflection, as if this were a Scala object
    public static final ParsingProblems MODULE$ = new ParsingProblems();

    private ParsingProblems() {}

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
        return new Problem(status.intValue(), "malformed-request", "Malformed request", error.summary()).response();
    }
}
