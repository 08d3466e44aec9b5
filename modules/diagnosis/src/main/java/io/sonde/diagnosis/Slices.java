package io.sonde.diagnosis;

import io.sonde.core.SourceId;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The journal of closed windows is followed in slices; a source's events are all in one, in order. */
public final class Slices {
    public static final int COUNT = 16;

    private Slices() {}

    /** The tags of all slices, {@code windows-00} to {@code windows-15}. */
    public static List<String> tags() {
        return IntStream.range(0, COUNT).mapToObj(Slices::tag).toList();
    }

    static String tagOf(SourceId source) {
        return tag(Math.floorMod(source.entityId().hashCode(), COUNT));
    }

    private static String tag(int slice) {
        return String.format(Locale.ROOT, "windows-%02d", slice);
    }
}
