package io.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Posts events over HTTP with a token and looks at {@code agg_1m}. */
public final class SondeClient {
    private static final List<String> PERCENTILES =
            Stream.concat(Expected.MEASURES.stream(), Stream.of("total")).toList();

    private final DataSource database;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final String token;

    /** @param token that may post for any client and read */
    public SondeClient(DataSource database, String token) {
        this.database = database;
        this.token = token;
    }

    /** In requests of one to a hundred events, each to any of the nodes; sums up what the answers say. */
    public Map<String, Integer> post(List<Sent> all, List<String> nodes, Random random) throws Exception {
        Map<String, Integer> sums = new HashMap<>();
        for (int from = 0; from < all.size(); ) {
            int to = Math.min(all.size(), from + 1 + random.nextInt(100));
            String body = all.subList(from, to).stream().map(Sent::json).collect(Collectors.joining(",", "[", "]"));
            HttpResponse<String> answer = post(nodes.get(random.nextInt(nodes.size())), body);
            assertThat(answer.statusCode()).as(answer.body()).isIn(202, 422);
            JsonNode said = json.readTree(answer.body());
            for (String count : List.of("accepted", "duplicate", "late")) {
                sums.merge(count, said.path(count).asInt(), Integer::sum);
            }
            sums.merge("refused", said.path("refused").size(), Integer::sum);
            from = to;
        }
        return sums;
    }

    public HttpResponse<String> post(String node, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(node + "/api/v1/events"))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> get(String node, String pathAndQuery) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(node + pathAndQuery))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** @param body sent as JSON, empty for none */
    public HttpResponse<String> send(String method, String node, String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(node + path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** By client, target and minute, as {@link Expected} has them. */
    public Map<String, Map<String, @Nullable Object>> rows() throws Exception {
        Map<String, Map<String, @Nullable Object>> rows = new TreeMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT *, (extract(epoch FROM window_start_ts) * 1000)::bigint AS start_ms FROM agg_1m")) {
            while (row.next()) {
                Map<String, @Nullable Object> columns = new TreeMap<>();
                for (String count : List.of("count_total", "count_success", "count_error")) {
                    columns.put(count, row.getLong(count));
                }
                for (String stage : Expected.STAGES) {
                    String column = stage.toLowerCase(Locale.ROOT) + "_error_count";
                    columns.put(column, row.getLong(column));
                }
                for (String measure : PERCENTILES) {
                    columns.put(measure + "_p50", row.getObject(measure + "_p50", Double.class));
                    columns.put(measure + "_p95", row.getObject(measure + "_p95", Double.class));
                }
                rows.put(
                        row.getString("client_id") + " " + row.getString("target") + " " + row.getLong("start_ms"),
                        columns);
            }
        }
        return rows;
    }

    public Map<String, @Nullable Object> totals() throws Exception {
        return Expected.totals(rows());
    }
}
