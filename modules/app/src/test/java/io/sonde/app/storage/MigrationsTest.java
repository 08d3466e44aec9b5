package io.sonde.app.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.app.problem.Problem;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class MigrationsTest {
    @Test
    void whoLooksDoesNotWaitForADatabaseThatTakesConnectionsAndSaysNothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            DatabaseAddress address =
                    new DatabaseAddress("jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/sonde", "x", "y");
            PGSimpleDataSource impatient = (PGSimpleDataSource) address.dataSource();
            assertThat(impatient.getSocketTimeout()).isPositive();
            impatient.setSocketTimeout(1);
            Migrations migrations = new Migrations(address, impatient);

            Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThatThrownBy(migrations::standing)
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("does not answer"));
        }
    }

    @Test
    void anAddressIsShownWithoutWhatMayBeSecret() {
        assertThat(new DatabaseAddress("jdbc:postgresql://h:1,i:2/sonde?sslpassword=s3cret", "sonde", "s3cret"))
                .hasToString("jdbc:postgresql://h:1,i:2/sonde as sonde");
    }
}
