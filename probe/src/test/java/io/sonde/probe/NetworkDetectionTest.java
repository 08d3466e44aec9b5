package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.qoe.NetworkContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkDetectionTest {
    private static final Place AUTO = new Place(null, null, "");
    private static final String HEAD = "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n";

    @TempDir
    Path folder;

    @Test
    void anEthernetDefaultRouteIsEthernet() throws IOException {
        device("eth0", "1", "");

        assertThat(detect("eth0 00000000 010200C0 0003 0 0 0 00000000 0 0 0", AUTO))
                .isEqualTo(new NetworkContext("ethernet", false, null));
    }

    @Test
    void theDefaultRouteWithTheLowestMetricCounts() throws IOException {
        device("eth0", "1", "");
        device("wlan0", "1", "");
        Files.createDirectory(folder.resolve("wlan0").resolve("wireless"));

        assertThat(detect(
                                "eth0 00000000 01 0003 0 0 600 00000000 0 0 0\nwlan0 00000000 01 0003 0 0 100 00000000 0 0 0",
                                AUTO)
                        .interfaceType())
                .isEqualTo("wifi");
    }

    @Test
    void aTunnelWithARouteIsAVpnAndTheInterfaceUnderItIsNamed() throws IOException {
        device("wg0", "65534", "DEVTYPE=wireguard");
        device("wwan0", "1", "DEVTYPE=wwan");

        assertThat(detect(
                        "wg0 00000000 00 0001 0 0 0 00000000 0 0 0\nwwan0 00000000 01 0003 0 0 700 00000000 0 0 0",
                        AUTO))
                .isEqualTo(new NetworkContext("cellular", true, null));
    }

    @Test
    void withoutADefaultRouteTheTypeIsUnknown() throws IOException {
        device("eth0", "1", "");

        assertThat(detect("eth0 000200C0 00000000 0001 0 0 0 00FFFFFF 0 0 0", AUTO))
                .isEqualTo(new NetworkContext(null, false, null));
    }

    @Test
    void whereThereIsNoSuchFileNothingIsClaimed() {
        var elsewhere = new NetworkDetection(folder.resolve("none"), folder.resolve("none"));

        assertThat(elsewhere.context(AUTO)).isEqualTo(NetworkContext.UNKNOWN);
    }

    @Test
    void whatTheOperatorSaysWins() throws IOException {
        device("eth0", "1", "");

        assertThat(detect("eth0 00000000 01 0003 0 0 0 00000000 0 0 0", new Place("satellite", true, "ship")))
                .isEqualTo(new NetworkContext("satellite", true, "ship"));
    }

    private NetworkContext detect(String routes, Place place) throws IOException {
        Path table = Files.writeString(folder.resolve("routes"), HEAD + routes + "\n");
        return new NetworkDetection(folder, table).context(place);
    }

    private void device(String name, String type, String uevent) throws IOException {
        Path device = Files.createDirectory(folder.resolve(name));
        Files.writeString(device.resolve("type"), type + "\n");
        Files.writeString(device.resolve("uevent"), uevent + "\n");
    }
}
