package io.sonde.app.users;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import io.sonde.core.Unavailable;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the provider who somebody is: OpenID Connect's authorization code with PKCE (RFC 7636), state and nonce. Blocking;
 * fails with {@link Unavailable} when it does not answer.
 */
final class OidcProvider {
    private static final int TIMEOUT_MS = 5_000;
    private static final int MAX_KEYS_BYTES = 256 * 1024;
    private static final int RETRY_AFTER_S = 5;

    private static final Logger LOG = LoggerFactory.getLogger(OidcProvider.class);

    private final OidcSettings settings;

    OidcProvider(OidcSettings settings) {
        this.settings = settings;
    }

    /** What a browser keeps while its user is at the provider, so that nobody else's answer is taken for its own. */
    record Pending(String state, String nonce, String verifier) {
        static Pending fresh() {
            return new Pending(new State().getValue(), new Nonce().getValue(), new CodeVerifier().getValue());
        }
    }

    /**
     * Somebody whom the provider vouches for.
     *
     * @param subject names them for ever, with the provider
     * @param name what they are called now
     */
    record Vouched(String subject, String name, Role role) {}

    /** Where the browser is to go. */
    URI address(Pending pending) {
        return new AuthenticationRequest.Builder(
                        new ResponseType(ResponseType.Value.CODE),
                        new Scope("openid", "profile"),
                        new ClientID(settings.clientId()),
                        URI.create(settings.redirect()))
                .endpointURI(metadata().getAuthorizationEndpointURI())
                .state(new State(pending.state()))
                .nonce(new Nonce(pending.nonce()))
                .codeChallenge(new CodeVerifier(pending.verifier()), CodeChallengeMethod.S256)
                .build()
                .toURI();
    }

    /** Empty when the provider does not take the code, its answer proves nothing, or the role is none of ours. */
    Optional<Vouched> who(String code, Pending pending) {
        OIDCProviderMetadata metadata = metadata();
        try {
            var grant = new AuthorizationCodeGrant(
                    new AuthorizationCode(code), URI.create(settings.redirect()), new CodeVerifier(pending.verifier()));
            var client = new ClientSecretBasic(new ClientID(settings.clientId()), new Secret(settings.clientSecret()));
            HTTPRequest request = new TokenRequest.Builder(metadata.getTokenEndpointURI(), client, grant)
                    .build()
                    .toHTTPRequest();
            request.setConnectTimeout(TIMEOUT_MS);
            request.setReadTimeout(TIMEOUT_MS);
            request.setFollowRedirects(false);
            TokenResponse response = OIDCTokenResponseParser.parse(request.send());
            return response.indicatesSuccess() ? vouched(proven(response, metadata, pending)) : Optional.empty();
        } catch (IOException e) {
            throw away(e);
        } catch (GeneralException | BadJOSEException | JOSEException e) {
            LOG.debug("the provider's answer proves nothing: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** Signed by the provider, for us, now, and in answer to this question. */
    private IDTokenClaimsSet proven(TokenResponse response, OIDCProviderMetadata metadata, Pending pending)
            throws IOException, BadJOSEException, JOSEException, GeneralException {
        var idToken = ((OIDCTokenResponse) response.toSuccessResponse())
                .getOIDCTokens()
                .getIDToken();
        return new IDTokenValidator(
                        metadata.getIssuer(),
                        new ClientID(settings.clientId()),
                        JWSAlgorithm.RS256,
                        metadata.getJWKSetURI().toURL(),
                        new DefaultResourceRetriever(TIMEOUT_MS, TIMEOUT_MS, MAX_KEYS_BYTES))
                .validate(idToken, new Nonce(pending.nonce()));
    }

    private Optional<Vouched> vouched(IDTokenClaimsSet claims) {
        String name = claims.getStringClaim(settings.nameClaim());
        List<String> texts = claims.getStringListClaim(settings.roleClaim());
        String text = claims.getStringClaim(settings.roleClaim());
        List<String> all = texts != null ? texts : text != null ? List.of(text) : List.of();
        return name == null
                ? Optional.empty()
                : settings.role(all)
                        .map(role -> new Vouched(
                                settings.issuer() + " " + claims.getSubject().getValue(), name, role));
    }

    private OIDCProviderMetadata metadata() {
        try {
            return OIDCProviderMetadata.resolve(new Issuer(settings.issuer()), TIMEOUT_MS, TIMEOUT_MS);
        } catch (IOException | GeneralException e) {
            throw away(e);
        }
    }

    private static Unavailable away(Exception e) {
        return new Unavailable("the provider of OpenID Connect cannot be asked: " + e.getMessage(), RETRY_AFTER_S, e);
    }
}
