package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {
    @Property(tries = 200)
    void aBodyIsCountedTheSameInEveryFramingAndInPiecesOfAnySize(
            @ForAll @Size(max = 40_000) byte[] body,
            @ForAll @IntRange(min = 1, max = 20_000) int piece,
            @ForAll @IntRange(min = 1, max = 9_000) int chunk)
            throws IOException, StageFailed {
        String text = new String(body, StandardCharsets.ISO_8859_1);

        assertThat(read("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n" + text, piece))
                .isEqualTo(body.length);
        assertThat(read("HTTP/1.0 200 OK\n\n" + text, piece)).isEqualTo(body.length);
        assertThat(read("HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(text, chunk), piece))
                .isEqualTo(body.length);
    }

    @Test
    void informationalAnswersAreSkipped() throws IOException, StageFailed {
        assertThat(status("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"))
                .isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                "SSH-2.0-OpenSSH\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"
            })
    void whatIsNotHttpIsProtocol(String answer) {
        assertThatThrownBy(() -> read(answer, 100)).isInstanceOfSatisfying(StageFailed.class, e -> assertThat(e.type())
                .isEqualTo("protocol"));
    }

    @Test
    void anEndlessHeadIsProtocol() {
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\nX: " + "a".repeat(70_000), 4_000))
                .isInstanceOfSatisfying(
                        StageFailed.class, e -> assertThat(e.type()).isEqualTo("protocol"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcd",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcd",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n"
            })
    void aBodyThatEndsEarlyIsShort(String answer) {
        assertThatThrownBy(() -> read(answer, 100)).isInstanceOfSatisfying(StageFailed.class, e -> assertThat(e.type())
                .isEqualTo("short_body"));
    }

    @Test
    void aHeadThatEndsEarlyIsClosed() {
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\nContent", 100))
                .isInstanceOfSatisfying(
                        StageFailed.class, e -> assertThat(e.type()).isEqualTo("closed"));
    }

    @Property
    void p8ThroughputIsBodyBitsPerMillisecond(
            @ForAll @IntRange(min = 1) int bytes, @ForAll @IntRange(min = 1_000) int micros) {
        assertThat(BodyCount.kbps(bytes, micros * 1_000L)).isEqualTo(bytes * 8.0 / (micros / 1_000.0));
    }

    private static int status(String answer) throws IOException, StageFailed {
        var reader = new AnswerReader(in(answer, 1_000));
        reader.awaitFirstByte();
        return reader.readHead();
    }

    private static long read(String answer, int piece) throws IOException, StageFailed {
        var reader = new AnswerReader(in(answer, piece));
        reader.awaitFirstByte();
        reader.readHead();
        var count = new BodyCount();
        reader.readBody(count, Long.MAX_VALUE);
        return count.bytes();
    }

    private static String chunked(String text, int size) {
        var chunks = new StringBuilder();
        for (int from = 0; from < text.length(); from += size) {
            String chunk = text.substring(from, Math.min(text.length(), from + size));
            chunks.append(Integer.toHexString(chunk.length()))
                    .append(";x=y\r\n")
                    .append(chunk)
                    .append("\r\n");
        }
        return chunks.append("0\r\n\r\n").toString();
    }

    private static InputStream in(String answer, int piece) {
        return new ByteArrayInputStream(answer.getBytes(StandardCharsets.ISO_8859_1)) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, piece));
            }
        };
    }
}
