package io.sonde.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * What a node says of a load, held against what it acknowledged.
 *
 * @param complaints answers that do not fit what was sent
 */
record Checked(StoredCheck.Result stored, List<String> complaints) {
    private static final int MOST_DIFFERENCES = 10;

    /** @param patienceSeconds after the end of the last window, until all must be stored */
    static Checked await(Api node, Load load, int patienceSeconds) throws IOException, InterruptedException {
        StoredWindows windows = new StoredWindows(node, load.prefix());
        return new Checked(new StoredCheck(windows, patienceSeconds).await(load.acknowledged()), load.complaints());
    }

    static Checked await(SondeDeployment on, Load load, int patienceSeconds) throws IOException, InterruptedException {
        return await(on.api(), load, patienceSeconds);
    }

    boolean right() {
        return stored.right() && complaints.isEmpty() && stored.windows() > 0;
    }

    Measured.Truth truth() {
        String found = String.format(Locale.ROOT, "%,d windows of %,d events", stored.windows(), stored.events());
        return right() ? new Measured.Truth(true, found + " right") : new Measured.Truth(false, "**WRONG:** " + text());
    }

    String text() {
        String checked = String.format(Locale.ROOT, "%,d windows of %,d events", stored.windows(), stored.events());
        if (right()) {
            return String.format(
                    Locale.ROOT,
                    "right: %s are stored as acknowledged, all seen %.1f s after the last minute's end",
                    checked,
                    stored.afterLastEndMs() / 1e3);
        }
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "WRONG: of %s %,d are not as acknowledged, %d answers do not fit%n",
                checked,
                stored.differences().size(),
                complaints.size()));
        text.append(String.format(
                Locale.ROOT,
                "last looked %.1f s after the last minute's end; the number had not changed for %.1f s%n",
                stored.afterLastEndMs() / 1e3,
                stored.unchangedForMs() / 1e3));
        complaints.stream().limit(MOST_DIFFERENCES).forEach(line -> text.append(line)
                .append('\n'));
        stored.differences().stream().limit(MOST_DIFFERENCES).forEach(line -> text.append(line)
                .append('\n'));
        return text.toString();
    }
}
