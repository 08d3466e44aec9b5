package io.sonde.probe;

import com.typesafe.config.Config;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.hosts.HostsFileParser;

/**
 * What one measurement needs, {@code once} as well as the agent.
 *
 * @param rehearsal zero for none
 */
record MeasureSettings(StageLimits limits, DnsClient dns, Trust trust, Duration rehearsal) {
    private static final Duration LEAST = Duration.ofMillis(10);
    private static final Duration MOST = Duration.ofMinutes(5);
    private static final int DNS_PORT = 53;
    private static final Pattern SERVER =
            Pattern.compile("\\[(?<v6>.+)](?::(?<port6>\\d+))?|(?<host>[0-9.]+)(?::(?<port>\\d+))?");

    MeasureSettings {
        Objects.requireNonNull(limits);
        Objects.requireNonNull(dns);
        Objects.requireNonNull(trust);
        Objects.requireNonNull(rehearsal);
    }

    static MeasureSettings read(Config config, List<String> problems) throws WrongSettings {
        var reader = new SettingsReader(config, problems);
        var limits = new StageLimits(
                reader.duration("timeout.dns", LEAST, MOST),
                reader.duration("timeout.tcp", LEAST, MOST),
                reader.duration("timeout.tls", LEAST, MOST),
                reader.duration("timeout.http", LEAST, MOST),
                reader.duration("timeout.throughput", LEAST, MOST));
        DnsClient dns = reader.read(
                "dns-server",
                "an address, like 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]",
                systemResolver(limits.dns()),
                key -> resolver(config.getString(key).strip(), limits.dns()));
        Duration rehearsal = reader.duration("rehearsal", Duration.ZERO, Duration.ofMinutes(1));
        return new MeasureSettings(limits, dns, reader.trust("ca"), rehearsal);
    }

    HttpProbe probe(Clock clock) {
        return new HttpProbe(clock, new Names(new HostsFileParser(), dns), trust, limits);
    }

    private static DnsClient systemResolver(Duration limit) {
        ResolverConfig system = ResolverConfig.getCurrentConfig();
        return new DnsClient(system.servers(), system.searchPath(), system.ndots(), limit);
    }

    private static DnsClient resolver(String text, Duration limit) {
        if (text.isEmpty()) {
            return systemResolver(limit);
        }
        Matcher server = SERVER.matcher(text);
        if (!server.matches()) {
            throw new IllegalArgumentException();
        }
        boolean v6 = server.group("v6") != null;
        String port = server.group(v6 ? "port6" : "port");
        return new DnsClient(
                List.of(new InetSocketAddress(
                        literal(server.group(v6 ? "v6" : "host")), port == null ? DNS_PORT : Integer.parseInt(port))),
                List.of(),
                1,
                limit);
    }

    private static InetAddress literal(String text) {
        try {
            if (!Names.isLiteral(text)) {
                throw new IllegalArgumentException();
            }
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text + " is no address", e);
        }
    }
}
