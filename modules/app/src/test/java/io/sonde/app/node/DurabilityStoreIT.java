package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class DurabilityStoreIT {
    private final DataSource database = PostgresServer.shared().newDatabase().dataSource();

    @Test
    void whatLosesCommitsIsNamedAndWhatDoesNotIsNot() throws Exception {
        set("off");
        assertThat(new DurabilityStore(database).broken()).contains("synchronous_commit");

        set("on");
        assertThat(new DurabilityStore(database).broken()).doesNotContain("synchronous_commit");
    }

    private void set(String value) throws Exception {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER DATABASE \"" + connection.getCatalog() + "\" SET synchronous_commit = " + value);
        }
    }
}
