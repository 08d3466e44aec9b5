package io.sonde.probe;

import io.sonde.qoe.Stage;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.hosts.HostsFileParser;

/**
 * From a host to one address, in the order of the operating system: literals, the hosts file, {@code localhost}
 * (RFC 6761 §6.3), then DNS. Only DNS is a look-up and has a time.
 */
final class Names {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private final HostsFileParser hosts;
    private final DnsClient dns;

    Names(HostsFileParser hosts, DnsClient dns) {
        this.hosts = hosts;
        this.dns = dns;
    }

    /** @param ms of the resolver look-up, null when none was needed */
    record Resolved(InetAddress address, @Nullable Double ms) {}

    Resolved resolve(String host) throws StageFailed {
        try {
            Optional<InetAddress> known = withoutLookup(host);
            if (known.isPresent()) {
                return new Resolved(known.get(), null);
            }
            long start = System.nanoTime();
            Timed<InetAddress> found = Timed.since(start, dns.lookUp(host));
            return new Resolved(found.value(), found.ms());
        } catch (TextParseException e) {
            throw new StageFailed(Stage.DNS, "nxdomain", host + " is no domain name: " + e.getMessage());
        } catch (IOException e) {
            throw StageFailed.of(Stage.DNS, e);
        }
    }

    static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0 || IPV4.matcher(host).matches();
    }

    private Optional<InetAddress> withoutLookup(String host) throws IOException {
        if (isLiteral(host)) {
            return Optional.of(InetAddress.getByName(host));
        }
        Name name = Name.fromString(host, Name.root);
        Optional<InetAddress> listed = hosts.getAddressForHost(name, Type.A).or(() -> ipv6(name));
        if (listed.isEmpty() && (host.equals("localhost") || host.endsWith(".localhost"))) {
            return Optional.of(InetAddress.getLoopbackAddress());
        }
        return listed;
    }

    private Optional<InetAddress> ipv6(Name name) {
        try {
            return hosts.getAddressForHost(name, Type.AAAA);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
