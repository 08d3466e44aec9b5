package io.sonde.edge;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import java.util.HashMap;
import java.util.Map;

/**
 * What {@code sonde.edge.rate} sets.
 *
 * @param tenants those with a rate of their own; each client of such a tenant has it
 */
public record ClientRates(ClientRate usual, Map<String, ClientRate> tenants) {
    public ClientRates {
        tenants = Map.copyOf(tenants);
    }

    /** @throws IllegalArgumentException when a request of {@code maxEvents} would be too large for a client at any time */
    static ClientRates from(Config rate, int maxEvents) {
        Map<String, ClientRate> tenants = new HashMap<>();
        for (String tenant : rate.getObject("tenants").keySet()) {
            String path = "tenants." + ConfigUtil.quoteString(tenant);
            tenants.put(tenant, rate(rate.getConfig(path).withFallback(rate), "." + path, maxEvents));
        }
        return new ClientRates(rate(rate, "", maxEvents), tenants);
    }

    ClientRate of(String tenant) {
        return tenants.getOrDefault(tenant, usual);
    }

    private static ClientRate rate(Config rate, String path, int maxEvents) {
        ClientRate of;
        try {
            of = new ClientRate(
                    rate.getInt("events-per-second"), rate.getInt("burst"), rate.getInt("targets-per-minute"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("sonde.edge.rate" + path + ": " + e.getMessage(), e);
        }
        if (of.burst() < maxEvents) {
            throw new IllegalArgumentException(
                    "sonde.edge.rate" + path + ".burst is " + of.burst() + ", it must be sonde.edge.max-events ("
                            + maxEvents + ") or more: a larger request could never pass");
        }
        return of;
    }
}
