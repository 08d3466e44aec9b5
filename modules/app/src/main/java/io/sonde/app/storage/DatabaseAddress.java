package io.sonde.app.storage;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where a database is and how to enter it.
 *
 * @param url a JDBC URL without credentials
 */
public record DatabaseAddress(String url, String user, String password) {
    private static final int TIMEOUT_S = 10;

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

    /** A connection of its own each time; for commands, which ask little. */
    public DataSource dataSource() {
        return dataSource(TIMEOUT_S);
    }

    /** The same for a command whose statements may take long. */
    public DataSource patientDataSource() {
        return dataSource(0);
    }

    /** As the URL names them, one or several. */
    public List<String> hosts() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        return List.of(source.getServerNames());
    }

    private DataSource dataSource(int answerTimeoutS) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(user);
        source.setPassword(password);
        source.setConnectTimeout(TIMEOUT_S);
        source.setSocketTimeout(answerTimeoutS);
        source.setTcpKeepAlive(true);
        return source;
    }

    /** Without the password, and without the parameters of the URL, which may be secrets, too. */
    @Override
    public String toString() {
        return shown(url) + " as " + user;
    }

    /** As much of a URL as everybody may see. */
    public static String shown(String url) {
        return url.replaceFirst("[?#].*", "").replaceFirst("//[^/]*@", "//");
    }
}
