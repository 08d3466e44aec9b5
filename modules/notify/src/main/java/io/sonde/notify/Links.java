package io.sonde.notify;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Where the page shows what a notification is about. In the fragment, so that a link leads to the page in any case.
 *
 * @param externalUrl of the page; empty when nobody said where it is, and so is each link then
 */
record Links(String externalUrl) {
    Links {
        externalUrl = externalUrl.endsWith("/") ? externalUrl.substring(0, externalUrl.length() - 1) : externalUrl;
    }

    String toProblem(String id) {
        return to("problems", id);
    }

    String toIncident(String id) {
        return to("incidents", id);
    }

    private String to(String what, String id) {
        return externalUrl.isEmpty()
                ? ""
                : externalUrl + "/#/" + what + "/"
                        + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
