package io.sonde.probe;

import io.sonde.qoe.Stage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * A stub resolver without a cache: asks for A, and for AAAA when there is no A, so that each look-up is one the resolver
 * answered just now. Blocking; the time limit is for everything one look-up asks.
 *
 * @param searchPath tried as resolv.conf(5) says
 */
record DnsClient(List<InetSocketAddress> servers, List<Name> searchPath, int ndots, Duration limit) {
    private static final int ALIAS_LIMIT = 8;
    private static final int ATTEMPTS = 2;

    DnsClient {
        servers = List.copyOf(servers);
        searchPath = List.copyOf(searchPath);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("a DNS server is needed");
        }
    }

    InetAddress lookUp(String host) throws StageFailed, IOException {
        long end = System.nanoTime() + limit.toNanos();
        StageFailed unknown = new StageFailed(Stage.DNS, "nxdomain", host + " does not exist");
        for (Name candidate : candidates(host)) {
            try {
                return address(candidate, end);
            } catch (StageFailed e) {
                if (!e.type().equals("nxdomain")) {
                    throw e;
                }
            }
        }
        throw unknown;
    }

    private List<Name> candidates(String host) throws TextParseException {
        List<Name> names = new ArrayList<>();
        for (Name domain : host.endsWith(".") ? List.<Name>of() : searchPath) {
            names.add(Name.fromString(host, domain));
        }
        boolean plainFirst = host.chars().filter(c -> c == '.').count() >= ndots;
        names.add(plainFirst ? 0 : names.size(), Name.fromString(host, Name.root));
        return names;
    }

    private InetAddress address(Name name, long end) throws StageFailed, IOException {
        Optional<InetAddress> found = ask(name, Type.A, end);
        if (found.isEmpty()) {
            found = ask(name, Type.AAAA, end);
        }
        return found.orElseThrow(() -> new StageFailed(Stage.DNS, "no_address", name + " has neither A nor AAAA"));
    }

    private Optional<InetAddress> ask(Name name, int type, long end) throws StageFailed, IOException {
        Name asked = name;
        for (int aliases = 0; aliases < ALIAS_LIMIT; aliases++) {
            List<Record> answers = answer(asked, type, end);
            Name alias = null;
            for (Record answer : answers) {
                if (answer instanceof ARecord a && type == Type.A) {
                    return Optional.of(a.getAddress());
                }
                if (answer instanceof AAAARecord a && type == Type.AAAA) {
                    return Optional.of(a.getAddress());
                }
                if (answer instanceof CNAMERecord cname) {
                    alias = cname.getTarget();
                }
            }
            // A resolver that recurses lists the address with its alias; one that only forwards may leave it to us.
            if (alias == null || answers.size() > 1) {
                return Optional.empty();
            }
            asked = alias;
        }
        throw new StageFailed(Stage.DNS, "protocol", name + " is an alias of an alias of an alias, without an end");
    }

    private List<Record> answer(Name name, int type, long end) throws StageFailed, IOException {
        Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        Message answer = anyServer(query, end);
        return switch (answer.getRcode()) {
            case Rcode.NOERROR -> answer.getSection(Section.ANSWER);
            case Rcode.NXDOMAIN -> throw new StageFailed(Stage.DNS, "nxdomain", name + " does not exist");
            case Rcode.SERVFAIL -> throw new StageFailed(Stage.DNS, "servfail", "the resolver failed on " + name);
            case Rcode.REFUSED -> throw new StageFailed(Stage.DNS, "refused", "the resolver refused " + name);
            default ->
                throw new StageFailed(
                        Stage.DNS,
                        "protocol",
                        "the resolver answered " + Rcode.string(answer.getRcode()) + " for " + name);
        };
    }

    /** The first server's answer; a silent or failing one gives way to the next, as in the C library. */
    private Message anyServer(Message query, long end) throws IOException {
        int attempts = Math.max(ATTEMPTS, servers.size());
        IOException failure = new SocketTimeoutException("no answer within " + limit.toMillis() + " ms");
        for (int attempt = 0; attempt < attempts; attempt++) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw failure;
            }
            InetSocketAddress server = servers.get(attempt % servers.size());
            try {
                Message answer = DnsExchange.ask(server, query, Duration.ofNanos(left / (attempts - attempt)));
                if (answer.getRcode() != Rcode.SERVFAIL || attempt >= servers.size() - 1) {
                    return answer;
                }
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }
}
