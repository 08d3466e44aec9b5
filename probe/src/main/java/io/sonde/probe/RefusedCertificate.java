package io.sonde.probe;

import java.io.Serial;
import java.security.cert.CertificateException;

/** The server's certificate is not good, and why, as events name it. */
final class RefusedCertificate extends CertificateException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String type;

    RefusedCertificate(String type, CertificateException cause) {
        super(cause.getMessage(), cause);
        this.type = type;
    }

    String type() {
        return type;
    }
}
