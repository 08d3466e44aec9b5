package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReachTest {
    @ParameterizedTest
    @CsvSource({
        "169.254.169.254, link-local",
        "169.254.0.1, link-local",
        "100.100.100.200, secrets",
        "168.63.129.16, secrets",
        "192.0.0.192, secrets",
        "fd00:ec2::254, secrets",
        "fd20:ce::254, secrets",
        "fe80::1, link-local",
        "febf:ffff::1, link-local",
        "224.0.0.1, multicast",
        "239.255.255.255, multicast",
        "255.255.255.255, reserved",
        "240.0.0.1, reserved",
        "ff02::1, multicast",
        "::ffff:169.254.169.254, link-local",
        "::169.254.169.254, link-local",
        "64:ff9b::a9fe:a9fe, link-local",
        "64:ff9b:1::a9fe:a9fe, translator",
        "2002:a9fe:a9fe::1, link-local",
        "2001:0:a9fe:a9fe::1, tunnel"
    })
    void whereMetadataIsNobodyGoesOnANodesWord(String address, String why) throws Exception {
        assertThat(Reach.PUBLIC.refusal(InetAddress.getByName(address)))
                .hasValueSatisfying(said -> assertThat(said).contains(why));
        assertThat(Reach.PRIVATE_TOO.refusal(InetAddress.getByName(address)))
                .hasValueSatisfying(said -> assertThat(said).contains(why));
        assertThat(Reach.ANYWHERE.refusal(InetAddress.getByName(address))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.255.254",
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "198.18.0.1",
                "198.19.255.255",
                "::1",
                "::",
                "fc00::1",
                "fdff::1",
                "fec0::1",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "::ffff:10.1.2.3",
                "64:ff9b::7f00:1",
                "2002:c0a8:1::1"
            })
    void privateNetworksAreMeasuredOnANodesWordOnlyWhereThatIsAllowed(String address) throws Exception {
        assertThat(Reach.PUBLIC.refusal(InetAddress.getByName(address)))
                .hasValueSatisfying(said -> assertThat(said).contains("allow-private-targets"));
        assertThat(Reach.PRIVATE_TOO.refusal(InetAddress.getByName(address))).isEmpty();
        assertThat(Reach.ANYWHERE.refusal(InetAddress.getByName(address))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2606:4700::1111",
                "2001:4860:4860::8888",
                "::ffff:1.1.1.1",
                "64:ff9b::101:101",
                "2002:101:101::1",
                "fbff::1"
            })
    void whatIsPublicIsMeasured(String address) throws Exception {
        assertThat(Reach.PUBLIC.refusal(InetAddress.getByName(address))).isEmpty();
    }

    /** The JDK hides most of these behind an IPv4 address. */
    @Test
    void mappedBytesAreTheAddressThatTheyMap() {
        byte[] mapped = HexFormat.of().parseHex("00000000000000000000ffffa9fea9fe");

        assertThat(Reach.PRIVATE_TOO.refusal(mapped)).isPresent();
    }
}
