package io.sonde.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class CausesTest {
    private final IOException wrong = new IOException("wrong", new IllegalStateException("deeper"));

    @Test
    void whatFuturesWrappedIsFoundHoweverOften() {
        assertThat(Causes.of(new ExecutionException(new CompletionException(wrong))))
                .isSameAs(wrong);
    }

    @Test
    void whatNoFutureWrappedIsLeftAsItIs() {
        CompletionException empty = new CompletionException("nothing in it", null);

        assertThat(Causes.of(wrong)).isSameAs(wrong);
        assertThat(Causes.of(empty)).isSameAs(empty);
    }
}
