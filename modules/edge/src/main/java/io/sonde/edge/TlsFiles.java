package io.sonde.edge;

import com.typesafe.config.Config;
import java.util.Objects;

/**
 * Where the certificate is that the HTTP port shows, in PEM; both empty for plain HTTP.
 *
 * @param certificate the server's own first, then those between it and its authority
 * @param key of the first certificate, not encrypted
 */
public record TlsFiles(String certificate, String key) {
    public TlsFiles {
        Objects.requireNonNull(certificate);
        Objects.requireNonNull(key);
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new IllegalArgumentException("sonde.http.tls." + (key.isEmpty() ? "key" : "certificate")
                    + " is empty: set both of certificate and key for https, or none of them");
        }
    }

    /** @param tls {@code sonde.http.tls} */
    public static TlsFiles from(Config tls) {
        return new TlsFiles(tls.getString("certificate"), tls.getString("key"));
    }

    public boolean areSet() {
        return !certificate.isEmpty();
    }

    /** {@code http} or {@code https}. */
    public String scheme() {
        return areSet() ? "https" : "http";
    }
}
