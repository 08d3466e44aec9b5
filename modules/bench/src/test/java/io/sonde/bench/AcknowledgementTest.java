package io.sonde.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AcknowledgementTest {
    @Test
    void everyEventMustBeAccountedForAsItWasSent() throws Exception {
        Acknowledgement said = Acknowledgement.parse("{\"accepted\":9,\"duplicate\":1,\"late\":0,\"refused\":[]}");

        assertThat(said.fits(10, 1, 1)).isTrue();
        assertThat(said.fits(10, 2, 1)).isFalse();
        assertThat(said.fits(11, 1, 1)).isFalse();
    }

    @Test
    void moreAreDuplicatesWhenItWasSentBeforeWithoutAnAnswer() throws Exception {
        Acknowledgement said = Acknowledgement.parse("{\"accepted\":0,\"duplicate\":10,\"late\":0,\"refused\":[]}");

        assertThat(said.fits(10, 1, 2)).isTrue();
        assertThat(said.fits(10, 1, 1)).isFalse();
    }

    @Test
    void aBusThatKnowsNoDuplicatesAcceptsAll() throws Exception {
        Acknowledgement said = Acknowledgement.parse("{\"accepted\":10,\"late\":0,\"refused\":[]}");

        assertThat(said.fits(10, 3, 1)).isTrue();
    }

    @Test
    void lateAndRefusedEventsAreNotWhatWasSent() throws Exception {
        String refused = "[{\"index\":0,\"event_id\":null,\"reason\":\"malformed\",\"detail\":\"\"}]";

        assertThat(Acknowledgement.parse("{\"accepted\":9,\"late\":1,\"refused\":[]}")
                        .fits(10, 0, 1))
                .isFalse();
        assertThat(Acknowledgement.parse("{\"accepted\":9,\"late\":0,\"refused\":" + refused + "}")
                        .fits(10, 0, 1))
                .isFalse();
    }
}
