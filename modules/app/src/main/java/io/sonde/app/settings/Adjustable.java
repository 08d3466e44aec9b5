package io.sonde.app.settings;

import com.typesafe.config.Config;
import java.util.List;

/** What holds on this node, and what of it may be set for all nodes while they run. */
public interface Adjustable {
    /** What holds now, thresholds that were set included. */
    Config effective();

    /**
     * What would hold with these thresholds and no others.
     *
     * @throws IllegalArgumentException that names the key and what is expected
     */
    Config with(List<SetThreshold> thresholds);

    /** Takes over what has changed; other nodes do so by themselves within seconds. */
    void look();
}
