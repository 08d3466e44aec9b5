package io.sonde.app.users;

import com.typesafe.config.Config;
import java.net.URI;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code sonde.sign-in.oidc}: a provider of OpenID Connect that vouches for people.
 *
 * @param issuer empty for none
 * @param redirect where the provider sends people back to
 * @param nameClaim of an ID token, what they are called here
 * @param roleClaim a text or texts in it that make a role
 * @param roles of each the texts that make it
 */
public record OidcSettings(
        String issuer,
        String clientId,
        String clientSecret,
        String redirect,
        String nameClaim,
        String roleClaim,
        Map<Role, List<String>> roles) {
    static final String CALLBACK = "/api/v1/session/oidc/callback";

    public OidcSettings {
        Objects.requireNonNull(issuer);
        roles = Map.copyOf(roles);
        if (!issuer.isEmpty()) {
            requireTls("issuer", issuer);
            requireTls("redirect-uri", redirect);
            if (!redirect.endsWith(CALLBACK)) {
                throw new IllegalArgumentException("sonde.sign-in.oidc.redirect-uri is to end in " + CALLBACK);
            }
            if (clientId.isEmpty() || clientSecret.isEmpty()) {
                throw new IllegalArgumentException(
                        "sonde.sign-in.oidc.client-id and client-secret are to be those of the provider");
            }
            if (roles.values().stream().allMatch(List::isEmpty)) {
                throw new IllegalArgumentException(
                        "nobody could sign in: sonde.sign-in.oidc.viewer, operator and admin are all empty");
            }
        }
    }

    public static OidcSettings from(Config sonde) {
        Config oidc = sonde.getConfig("sign-in.oidc");
        Map<Role, List<String>> roles = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            roles.put(role, oidc.getStringList(role.code()));
        }
        return new OidcSettings(
                oidc.getString("issuer"),
                oidc.getString("client-id"),
                oidc.getString("client-secret"),
                oidc.getString("redirect-uri"),
                oidc.getString("name-claim"),
                oidc.getString("role-claim"),
                roles);
    }

    boolean isOn() {
        return !issuer.isEmpty();
    }

    /** The one that may do the most; empty when none of them makes any. */
    Optional<Role> role(Collection<String> texts) {
        return Stream.of(Role.ADMIN, Role.OPERATOR, Role.VIEWER)
                .filter(role -> roles.getOrDefault(role, List.of()).stream().anyMatch(texts::contains))
                .findFirst();
    }

    /** Whoever reads along could sign in as anybody. */
    private static void requireTls(String key, String uri) {
        URI parsed = URI.create(uri);
        boolean isHere = "127.0.0.1".equals(parsed.getHost()) || "localhost".equals(parsed.getHost());
        if (!"https".equals(parsed.getScheme()) && !("http".equals(parsed.getScheme()) && isHere)) {
            throw new IllegalArgumentException(
                    "sonde.sign-in.oidc." + key + " is to be https://…, or http:// on this machine, and is " + uri);
        }
    }

    @Override
    public String toString() {
        return "OidcSettings[" + issuer + "]";
    }
}
