package io.sonde.bench;

import java.io.IOException;
import java.net.URI;

/** How whoever is measured is told of events, and what it answers. Everybody is told the same of the same events. */
interface Dialect {
    /** Request line and headers, without the length of the body and the empty line. */
    String head(URI server);

    /** What stands before the first event, between two, and after the last. */
    String begin();

    String between();

    String end();

    /** Appends an event and says where its id and its time lie in {@code to}, so that others can be written there. */
    Places append(MadeUpEvent event, StringBuilder to);

    /** Whether an answer says that all events were taken, each of them once. */
    boolean fits(Answer answer, Said said) throws IOException;

    /**
     * @param idAt negative when there is none
     * @param timeAt of 13 digits, ms
     */
    record Places(int idAt, int timeAt) {
        Places after(int bytes) {
            return new Places(idAt < 0 ? idAt : idAt + bytes, timeAt + bytes);
        }
    }

    record Answer(int status, String body) {}

    /**
     * What was sent.
     *
     * @param repeated how many of the events were sent and acknowledged before
     * @param attempts how often the request was sent: what one without an answer left behind is a duplicate then
     */
    record Said(int events, int repeated, int attempts) {}
}
