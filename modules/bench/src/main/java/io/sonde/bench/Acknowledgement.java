package io.sonde.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * What a 202 says of a request's events.
 *
 * @param duplicate 0 when it does not say, because its bus does not know
 */
record Acknowledgement(int accepted, int duplicate, boolean counted, int late, int refused) {
    private static final JsonFactory JSON = new JsonFactory();

    static Acknowledgement parse(String body) throws IOException {
        int accepted = 0;
        int duplicate = 0;
        boolean counted = false;
        int late = 0;
        int refused = 0;
        try (JsonParser json = JSON.createParser(body)) {
            json.nextToken();
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                json.nextToken();
                switch (field) {
                    case "accepted" -> accepted = json.getIntValue();
                    case "duplicate" -> {
                        duplicate = json.getIntValue();
                        counted = true;
                    }
                    case "late" -> late = json.getIntValue();
                    case "refused" -> refused = elements(json);
                    default -> json.skipChildren();
                }
            }
        }
        return new Acknowledgement(accepted, duplicate, counted, late, refused);
    }

    /** @param attempts how often it was sent: what an attempt without an answer left behind is a duplicate now */
    boolean fits(int events, int repeated, int attempts) {
        if (late != 0 || refused != 0 || accepted + duplicate != events) {
            return false;
        }
        return !counted || (attempts == 1 ? duplicate == repeated : duplicate >= repeated);
    }

    private static int elements(JsonParser json) throws IOException {
        int count = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            json.skipChildren();
            count++;
        }
        return count;
    }
}
