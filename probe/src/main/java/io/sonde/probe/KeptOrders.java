package io.sonde.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's last good word, in a file for the start without a node. When the disk does not take it the probe goes on, and
 * would begin with an older one.
 *
 * @param clientId whom it is for: a folder may be given to another client
 */
record KeptOrders(Path file, String clientId) {
    private static final Logger LOG = LoggerFactory.getLogger(KeptOrders.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    static KeptOrders in(Path home, String clientId) {
        return new KeptOrders(home.resolve("config-from-node.json"), clientId);
    }

    Optional<NodeOrders.Given> read() {
        try {
            JsonNode kept = Files.exists(file) ? JSON.readTree(file.toFile()) : JSON.missingNode();
            return kept.path("client_id").asText().equals(clientId)
                    ? Optional.of(new NodeOrders.Given(
                            kept.path("etag").asText(), kept.path("config").toString()))
                    : Optional.empty();
        } catch (IOException e) {
            LOG.warn("the configuration kept in {} cannot be read: {}", file, e.getMessage());
            return Optional.empty();
        }
    }

    void write(NodeOrders.Given given) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            Path whole = Files.createTempFile(
                    folder,
                    "config",
                    ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            var kept = JSON.createObjectNode().put("client_id", clientId).put("etag", given.etag());
            kept.set("config", JSON.readTree(given.json()));
            JSON.writeValue(whole.toFile(), kept);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("the node's configuration cannot be kept in {}: {}", file, e.getMessage());
        }
    }

    void forget() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("the configuration kept in {} cannot be deleted: {}", file, e.getMessage());
        }
    }
}
