package io.sonde.app.users;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;

/**
 * From which address somebody asks.
 *
 * @param behindProxy whether the last word of {@code X-Forwarded-For} is a proxy's of ours; whoever asks chooses the others
 */
record Callers(boolean behindProxy) {
    /** Never a name: nobody shall be looked up for a stranger. */
    private static final Pattern ADDRESS =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    InetAddress address(HttpRequest request) {
        Optional<InetAddress> told = behindProxy ? told(request) : Optional.empty();
        return told.or(() -> request.getAttribute(AttributeKeys.remoteAddress).flatMap(RemoteAddress::getAddress))
                .orElseGet(InetAddress::getLoopbackAddress);
    }

    private static Optional<InetAddress> told(HttpRequest request) {
        return StreamSupport.stream(request.getHeaders().spliterator(), false)
                .filter(header -> header.is("x-forwarded-for"))
                .map(HttpHeader::value)
                .reduce((first, last) -> last)
                .map(addresses ->
                        addresses.substring(addresses.lastIndexOf(',') + 1).strip())
                .flatMap(Callers::parsed);
    }

    private static Optional<InetAddress> parsed(String text) {
        try {
            return ADDRESS.matcher(text).matches() ? Optional.of(InetAddress.getByName(text)) : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
