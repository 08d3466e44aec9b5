package io.sonde.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AnswerBufferTest {
    private static final String BODY = "{\"accepted\":10}";
    private static final String ANSWER =
            "HTTP/1.1 202 Accepted\r\ncontent-LENGTH: " + BODY.length() + "\r\n\r\n" + BODY;

    private final AnswerBuffer buffer = new AnswerBuffer();

    @Test
    void anAnswerIsThereOnceItsLastByteIs() throws IOException {
        for (int at = 0; at < ANSWER.length(); at++) {
            assertThat(buffer.answer()).isEmpty();
            read(ANSWER.substring(at, at + 1));
        }

        assertThat(buffer.answer()).contains(new Dialect.Answer(202, BODY));
    }

    @Test
    void theTailOfOneIsThatOfAnyOtherThatSaysTheSame() throws IOException {
        read(ANSWER);
        byte[] tail = buffer.tail();

        buffer.clear();
        read("HTTP/1.1 202 Accepted\r\nDate: later\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY);
        assertThat(buffer.endsWith(tail)).isTrue();

        buffer.clear();
        read(ANSWER.replace("10}", "9 }"));
        assertThat(buffer.endsWith(tail)).isFalse();
    }

    @Test
    void anAnswerMayHaveNoBody() throws IOException {
        read("HTTP/1.1 204 No Content\r\n\r\n");

        assertThat(buffer.answer()).contains(new Dialect.Answer(204, ""));
    }

    @Test
    void anAnswerMayBeLong() throws IOException {
        String body = "x".repeat(100_000);
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        var all = Channels.newChannel(new ByteArrayInputStream(answer.getBytes(StandardCharsets.US_ASCII)));
        while (buffer.answer().isEmpty()) {
            buffer.read(all);
        }

        assertThat(buffer.answer()).contains(new Dialect.Answer(200, body));
    }

    @Test
    void anEndInMidAnswerIsAFailure() {
        assertThatThrownBy(() -> read("")).isInstanceOf(EOFException.class);
    }

    private void read(String text) throws IOException {
        buffer.read(Channels.newChannel(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII))));
    }
}
