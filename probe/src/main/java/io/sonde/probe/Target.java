package io.sonde.probe;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is measured.
 *
 * @param downloadUrl where throughput is measured, null for none
 */
record Target(TargetUrl url, @Nullable TargetUrl downloadUrl) {
    private static final String THROUGHPUT = ",throughput=";

    Target {
        Objects.requireNonNull(url);
    }

    /** Of {@code URL} or {@code URL,throughput=URL}. */
    static Target parse(String text) {
        int mark = text.indexOf(THROUGHPUT);
        return mark < 0
                ? new Target(TargetUrl.parse(text.strip()), null)
                : new Target(
                        TargetUrl.parse(text.substring(0, mark).strip()),
                        TargetUrl.parse(
                                text.substring(mark + THROUGHPUT.length()).strip()));
    }

    Optional<TargetUrl> download() {
        return Optional.ofNullable(downloadUrl);
    }
}
