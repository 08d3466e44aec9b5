package io.sonde.probe;

import io.sonde.core.Causes;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** {@code GET /api/v1/probes/{id}/config}: asks the node what is to be measured, and says which of its words is followed. */
final class OrderRequest implements NodeOrders.Asking {
    /** Instead of an ETag, when the probe's own settings are followed. */
    static final String OWN = "own";

    private static final String NO_CONFIG = "\"/problems/no-probe-config\"";

    private final URI config;
    private final NodeClient node;
    private final String agent;

    /** @param version of this probe */
    OrderRequest(URI events, NodeClient node, String clientId, String version) {
        String id = URLEncoder.encode(clientId, StandardCharsets.UTF_8).replace("+", "%20");
        this.config = events.resolve("probes/" + id + "/config");
        this.node = node;
        this.agent = "sonde-probe/" + version;
    }

    @Override
    public NodeOrders.Answer ask(Optional<String> followed) {
        var request = HttpRequest.newBuilder(config)
                .header("User-Agent", agent)
                .header("Accept", "application/json")
                .header("Sonde-Applied", followed.orElse(OWN));
        followed.ifPresent(etag -> request.header("If-None-Match", etag));
        try {
            return answer(node.send(request.GET()).join());
        } catch (CompletionException e) {
            return new NodeOrders.NoWord("it cannot be reached: " + Causes.of(e));
        }
    }

    private static NodeOrders.Answer answer(HttpResponse<Optional<byte[]>> answer) {
        String text = answer.body()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("");
        Optional<String> etag = answer.headers().firstValue("ETag");
        return switch (answer.statusCode()) {
            case 200 ->
                etag.filter(mark -> !text.isEmpty())
                        .map(mark -> (NodeOrders.Answer) new NodeOrders.Given(mark, text))
                        .orElse(new NodeOrders.NoWord("status 200 without an ETag, which is no node's"));
            case 304 -> new NodeOrders.Unchanged();
            case 404 ->
                text.replace(" ", "").contains("\"type\":" + NO_CONFIG)
                        ? new NodeOrders.Nothing()
                        : new NodeOrders.NoWord("status 404");
            case 401, 403 ->
                new NodeOrders.NoWord("status " + answer.statusCode()
                        + ": its token must be one for this client alone (sonde token create --scope ingest --client)");
            default -> new NodeOrders.NoWord("status " + answer.statusCode());
        };
    }
}
