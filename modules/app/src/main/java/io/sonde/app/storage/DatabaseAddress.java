package io.sonde.app.storage;

import com.typesafe.config.Config;
import java.util.Objects;

/**
 * Where a database is and how to enter it.
 *
 * @param url a JDBC URL without credentials
 */
public record DatabaseAddress(String url, String user, String password) {
    public DatabaseAddress {
        Objects.requireNonNull(url);
        Objects.requireNonNull(user);
        Objects.requireNonNull(password);
    }

    /** From {@code sonde.database} of a whole configuration. */
    public static DatabaseAddress of(Config config) {
        Config database = config.getConfig("sonde.database");
        return new DatabaseAddress(
                database.getString("url"), database.getString("user"), database.getString("password"));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return url + " as " + user;
    }
}
