package io.sonde.probe;

import io.sonde.target.TargetPorts;
import io.sonde.target.TargetServer;
import io.sonde.testkit.DnsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.hosts.HostsFileParser;

/** A target, a name server and probes, by default with short time limits, all of this process. */
final class Fixture implements AutoCloseable {
    static final StageLimits LIMITS = new StageLimits(
            Duration.ofMillis(400),
            Duration.ofMillis(400),
            Duration.ofMillis(800),
            Duration.ofMillis(800),
            Duration.ofMillis(600));

    final TargetServer target;
    final DnsServer dns;
    final HttpProbe trusting;
    final HttpProbe strict;

    Fixture(Path folder) throws IOException, GeneralSecurityException {
        this(folder, LIMITS);
    }

    Fixture(Path folder, StageLimits limits) throws IOException, GeneralSecurityException {
        target = TargetServer.start(TargetPorts.ANY_FREE, folder);
        dns = DnsServer.start();
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost listed.test\n");
        var names = new Names(
                new HostsFileParser(hosts), new DnsClient(List.of(dns.address()), List.of(), 1, limits.dns()));
        trusting = new HttpProbe(Clock.systemUTC(), names, Trust.systemAnd(target.authority()), limits);
        strict = new HttpProbe(Clock.systemUTC(), names, Trust.system(), limits);
    }

    String http(String host, String path) {
        return "http://" + host + ":" + target.httpPort() + path;
    }

    String tls(String host, String path) {
        return "https://" + host + ":" + target.tlsPort() + path;
    }

    String expired(String host, String path) {
        return "https://" + host + ":" + target.expiredTlsPort() + path;
    }

    Measurement measure(String url) {
        return trusting.measure(TargetUrl.parse(url), Optional.empty());
    }

    Measurement measure(String url, String object) {
        return trusting.measure(TargetUrl.parse(url), Optional.of(TargetUrl.parse(object)));
    }

    @Override
    public void close() throws IOException {
        trusting.close();
        strict.close();
        dns.close();
        target.close();
    }
}
