package io.sonde.probe;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whom the probe trusts: the system's authorities and those it was given. Where a certificate is not good it says why, the
 * certificate's own dates first: expired is expired, whoever signed it.
 */
final class Trust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager authorities;

    private Trust(X509ExtendedTrustManager authorities) {
        this.authorities = authorities;
    }

    /** The system's authorities alone. */
    static Trust system() throws GeneralSecurityException, IOException {
        return with(List.of());
    }

    /** @param pem one or more certificates */
    static Trust systemAnd(Path pem) throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(pem)) {
            Collection<? extends Certificate> own =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (own.isEmpty()) {
                throw new CertificateException("it holds no certificate");
            }
            return with(own);
        }
    }

    private static Trust with(Collection<? extends Certificate> own) throws GeneralSecurityException, IOException {
        X509ExtendedTrustManager system = manager(null);
        if (own.isEmpty()) {
            return new Trust(system);
        }
        List<Certificate> all = new ArrayList<>(own);
        all.addAll(List.of(system.getAcceptedIssuers()));
        return only(all);
    }

    /** The same and one more; the certificates themselves are shared. */
    Trust and(X509Certificate authority) throws GeneralSecurityException, IOException {
        List<Certificate> all = new ArrayList<>(List.of(getAcceptedIssuers()));
        all.add(authority);
        return only(all);
    }

    private static Trust only(List<? extends Certificate> authorities) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry(Integer.toString(i), authorities.get(i));
        }
        return new Trust(manager(store));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        try {
            authorities.checkServerTrusted(chain, authType, socket);
        } catch (CertificateException e) {
            throw new RefusedCertificate(reason(chain, authType, e), e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        authorities.checkServerTrusted(chain, authType, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        authorities.checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        authorities.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        authorities.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        authorities.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }

    private String reason(X509Certificate[] chain, String authType, CertificateException refusal) {
        try {
            for (X509Certificate certificate : chain) {
                certificate.checkValidity();
            }
        } catch (CertificateExpiredException e) {
            return "cert_expired";
        } catch (CertificateNotYetValidException e) {
            return "cert_not_yet_valid";
        }
        // A path that cannot be built or is refused has a cause that says so; a wrong name has none.
        return refusal.getCause() == null && pathIsGood(chain, authType) ? "cert_name" : "cert_untrusted";
    }

    private boolean pathIsGood(X509Certificate[] chain, String authType) {
        try {
            authorities.checkServerTrusted(chain, authType);
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    private static X509ExtendedTrustManager manager(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("this Java has no X.509 trust manager");
    }
}
