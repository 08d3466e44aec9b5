package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetUrlTest {
    @ParameterizedTest
    @CsvSource({
        "http://example.org, example.org, 80, /, example.org",
        "HTTPS://Example.org/a?b=c#d, example.org, 443, /a?b=c, example.org",
        "https://example.org:443/, example.org, 443, /, example.org",
        "http://example.org:443/, example.org, 443, /, example.org:443",
        "http://[::1]:8080?q, ::1, 8080, /?q, [::1]:8080",
        "http://my_host:80/x, my_host, 80, /x, my_host",
        "https://bücher.example/, xn--bcher-kva.example, 443, /, xn--bcher-kva.example"
    })
    void aUrlIsTakenApart(String text, String host, int port, String path, String authority) {
        TargetUrl url = TargetUrl.parse(text);

        assertThat(url.text()).isEqualTo(text);
        assertThat(url.host()).isEqualTo(host);
        assertThat(url.port()).isEqualTo(port);
        assertThat(url.path()).isEqualTo(path);
        assertThat(url.authority()).isEqualTo(authority);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.org",
                "ftp://example.org/",
                "http://",
                "http://user:secret@example.org/",
                "http://example.org/a b",
                "http://example.org/\r\nX: y",
                "http://example.org:0/",
                "http://example.org:65536/",
                "http://[nothex]/"
            })
    void whatIsNoTargetIsRefusedInWords(String text) {
        assertThatThrownBy(() -> TargetUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a target");
    }

    @Test
    void cachesAreBustedByTheQueryAndTheTargetKeepsItsName() {
        TargetUrl url = TargetUrl.parse("http://example.org/a?b").bustingCaches("42");

        assertThat(url.path()).isEqualTo("/a?b&sonde_nonce=42");
        assertThat(url.text()).isEqualTo("http://example.org/a?b");
    }

    @Test
    void aTargetMayNameItsDownload() {
        Target target = Target.parse("http://a/health,throughput=http://b/1mb.bin");

        assertThat(target.url().host()).isEqualTo("a");
        assertThat(target.download()).map(TargetUrl::host).contains("b");
        assertThat(Target.parse("http://a/").download()).isEmpty();
    }
}
