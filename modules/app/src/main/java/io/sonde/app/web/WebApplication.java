package io.sonde.app.web;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.encodeResponseWith;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.getFromResource;
import static org.apache.pekko.http.javadsl.server.Directives.getFromResourceDirectory;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.pathSingleSlash;
import static org.apache.pekko.http.javadsl.server.Directives.respondWithHeader;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.pekko.http.javadsl.coding.Coder;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;

/** The web application, at {@code /}: one page and its parts, which are named by what is in them. */
public final class WebApplication {
    private static final String FOLDER = "io/sonde/ui/web/";
    /** A page that was kept would ask for parts that the next version no longer has. */
    private static final HttpHeader ASK_AGAIN = RawHeader.create("Cache-Control", "no-cache");

    private static final HttpHeader KEEP = RawHeader.create("Cache-Control", "public, max-age=31536000, immutable");

    private WebApplication() {}

    /** The methods of each path, as in a description of an API. */
    public static Map<String, Set<String>> methods() {
        Set<String> get = Set.of("GET");
        return Map.of("/", get, "/icon.svg", get, "/assets/{name}", get);
    }

    public static Route route() {
        HttpEntity.Strict page = HttpEntities.create(ContentTypes.TEXT_HTML_UTF8, page());
        return get(() -> encodeResponseWith(
                List.of(Coder.NoCoding, Coder.Gzip),
                () -> concat(
                        pathSingleSlash(() -> respondWithHeader(
                                ASK_AGAIN, () -> complete(HttpResponse.create().withEntity(page)))),
                        path(
                                "icon.svg",
                                () -> respondWithHeader(ASK_AGAIN, () -> getFromResource(FOLDER + "icon.svg"))),
                        pathPrefix(
                                "assets",
                                () -> respondWithHeader(KEEP, () -> getFromResourceDirectory(FOLDER + "assets"))))));
    }

    private static byte[] page() {
        try (InputStream page = WebApplication.class.getResourceAsStream("/" + FOLDER + "index.html")) {
            return Objects.requireNonNull(page, "the web application is not in this build")
                    .readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the web application cannot be read", e);
        }
    }
}
