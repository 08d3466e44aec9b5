package io.sonde.app.doctor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueType;
import io.sonde.app.storage.DatabaseAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.pekko.actor.AddressFromURIString;

/** Whether the names of hosts in a configuration have addresses. */
final class NamesCheck {
    private static final long PATIENCE_S = 5;
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|\\[?[0-9a-fA-F]*:[0-9a-fA-F:.%\\w]*]?|<.*>");

    private NamesCheck() {}

    static List<Finding> findings(Config whole, boolean nats) {
        List<Finding> findings = new ArrayList<>();
        hosts(whole, nats).forEach((host, key) -> {
            if (!host.isEmpty() && !LITERAL.matcher(host).matches()) {
                findings.add(find(host, key));
            }
        });
        return findings;
    }

    static Finding find(String host, String key) {
        CompletableFuture<String> addresses = new CompletableFuture<>();
        Thread resolver = new Thread(
                () -> {
                    try {
                        addresses.complete(InetAddress.getByName(host).getHostAddress());
                    } catch (UnknownHostException e) {
                        addresses.completeExceptionally(e);
                    }
                },
                "resolve");
        resolver.setDaemon(true);
        resolver.start();
        try {
            return Finding.ok("dns", host + " is " + addresses.get(PATIENCE_S, TimeUnit.SECONDS) + " (" + key + ")");
        } catch (ExecutionException e) {
            return unknown(host, key, "has no address");
        } catch (TimeoutException e) {
            return unknown(host, key, "got no answer within " + PATIENCE_S + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unknown(host, key, "was not waited for");
        }
    }

    private static Finding unknown(String host, String key, String why) {
        return Finding.error(
                "dns", host + " " + why + " (" + key + ")", "correct " + key + ", or ask: getent hosts " + host);
    }

    /** By host, the key that names it first. */
    private static Map<String, String> hosts(Config whole, boolean nats) {
        Map<String, String> hosts = new LinkedHashMap<>();
        for (String host : DatabaseAddress.of(whole).hosts()) {
            hosts.putIfAbsent(host, "sonde.database.url");
        }
        if (nats) {
            for (String server : whole.getString("sonde.nats.url").split(",", -1)) {
                put(hosts, server, "sonde.nats.url");
            }
            put(hosts, whole.getString("sonde.nats.monitor-url"), "sonde.nats.monitor-url");
        }
        hosts.putIfAbsent(whole.getString("sonde.http.host"), "sonde.http.host");
        String remoting = "pekko.remote.artery.canonical.hostname";
        hosts.putIfAbsent(whole.getString(remoting), remoting);
        for (String seed : whole.getStringList("pekko.cluster.seed-nodes")) {
            AddressFromURIString.parse(seed)
                    .getHost()
                    .ifPresent(host -> hosts.putIfAbsent(host, "pekko.cluster.seed-nodes"));
        }
        channels(whole, hosts);
        return hosts;
    }

    private static void channels(Config whole, Map<String, String> hosts) {
        String channels = "sonde.notify.channels";
        whole.getConfig(channels).root().forEach((name, channel) -> {
            String key = channels + "." + ConfigUtil.quoteString(name) + ".url";
            if (channel.valueType() == ConfigValueType.OBJECT && whole.hasPath(key)) {
                put(hosts, whole.getString(key), key);
            }
        });
    }

    private static void put(Map<String, String> hosts, String url, String key) {
        try {
            String host = URI.create(url.strip()).getHost();
            if (host != null) {
                hosts.putIfAbsent(host, key);
            }
        } catch (IllegalArgumentException e) {
            hosts.putIfAbsent(url, key);
        }
    }
}
