package io.sonde.probe;

import io.sonde.qoe.NetworkContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Linux says of the network this machine is in, from its route table and its interfaces. Elsewhere, and where the
 * files cannot be read, nothing is known and nothing is claimed.
 *
 * @param interfaces {@code /sys/class/net}
 * @param routes {@code /proc/net/route}
 */
record NetworkDetection(Path interfaces, Path routes) {
    static final NetworkDetection LINUX = new NetworkDetection(Path.of("/sys/class/net"), Path.of("/proc/net/route"));

    /** ARPHRD_NONE, which tun and WireGuard have, and ARPHRD_PPP (linux/if_arp.h). */
    private static final List<String> TUNNEL_TYPES = List.of("65534", "512");

    private static final String ETHERNET = "1";
    private static final int COLUMNS = 8;

    /** A line of the IPv4 route table; the default route has destination and mask 0. */
    private record Route(String device, boolean wholeInternet, long metric) {}

    NetworkContext context(Place place) {
        String type = place.interfaceType();
        Boolean vpn = place.vpn();
        if (type == null || vpn == null) {
            Optional<List<Route>> table = table();
            type = type != null ? type : table.flatMap(this::typeOfDefaultRoute).orElse(null);
            vpn = vpn != null ? vpn : tunnelled(table);
        }
        return new NetworkContext(type, vpn, place.label().isEmpty() ? null : place.label());
    }

    private @Nullable Boolean tunnelled(Optional<List<Route>> table) {
        return table.isEmpty()
                ? null
                : Boolean.valueOf(table.get().stream().anyMatch(route -> isTunnel(route.device())));
    }

    /** Of the interface under a tunnel, when the default route goes through one. */
    private Optional<String> typeOfDefaultRoute(List<Route> table) {
        return table.stream()
                .filter(Route::wholeInternet)
                .sorted(Comparator.<Route, Boolean>comparing(route -> isTunnel(route.device()))
                        .thenComparing(Route::metric))
                .findFirst()
                .flatMap(route -> type(route.device()));
    }

    private Optional<String> type(String device) {
        Path folder = interfaces.resolve(device);
        if (Files.exists(folder.resolve("wireless")) || Files.exists(folder.resolve("phy80211"))) {
            return Optional.of("wifi");
        }
        if (device.startsWith("wwan") || text(folder.resolve("uevent")).contains("DEVTYPE=wwan")) {
            return Optional.of("cellular");
        }
        if (isTunnel(device)) {
            return Optional.of("tunnel");
        }
        return text(folder.resolve("type")).equals(ETHERNET) ? Optional.of("ethernet") : Optional.empty();
    }

    private boolean isTunnel(String device) {
        Path folder = interfaces.resolve(device);
        return TUNNEL_TYPES.contains(text(folder.resolve("type"))) && !Files.exists(folder.resolve("device"));
    }

    private Optional<List<Route>> table() {
        if (!Files.isDirectory(interfaces)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readAllLines(routes, StandardCharsets.US_ASCII).stream()
                    .skip(1)
                    .map(line -> line.strip().split("\\s+", -1))
                    .filter(columns -> columns.length >= COLUMNS)
                    .map(columns -> new Route(
                            columns[0],
                            columns[1].equals("00000000") && columns[7].equals("00000000"),
                            Long.parseLong(columns[6])))
                    .toList());
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
