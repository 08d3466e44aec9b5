package io.sonde.probe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a start finds in the queue's folder: files of this version, oldest first. Others are put aside, and the last one is
 * cut to its last whole event.
 *
 * @param next the number of the next event
 * @param putAside how many events wait in files that were put aside, and are not missed when the others are read
 */
record FoundSegments(List<Segment> files, long next, long putAside) {
    private static final Logger LOG = LoggerFactory.getLogger(FoundSegments.class);

    FoundSegments {
        files = List.copyOf(files);
    }

    /** @param next the next event's number, if the files do not know of a later one */
    static FoundSegments in(SpoolFolder folder, long next) throws IOException {
        List<Segment> found = folder.segments();
        List<Segment> files = new ArrayList<>();
        for (Segment segment : found) {
            if (segment.version() == SpoolFormat.VERSION) {
                files.add(segment);
            }
        }
        long putAside = 0;
        for (int i = 0; i < found.size(); i++) {
            Segment segment = found.get(i);
            if (!files.contains(segment)) {
                putAside += leavesNoGap(segment, files) ? events(segment, found.subList(i + 1, found.size()), next) : 0;
                folder.putAside(segment);
            }
        }
        long end = files.isEmpty() ? next : Math.max(next, cutTail(files.get(files.size() - 1)));
        return new FoundSegments(files, end, putAside);
    }

    /** Between others its numbers are missing when they are read, and it is counted then. */
    private static boolean leavesNoGap(Segment strange, List<Segment> files) {
        return files.isEmpty()
                || strange.first() < files.get(0).first()
                || strange.first() > files.get(files.size() - 1).first();
    }

    /** How many events wait in a file that is not of this version, as far as the next file, or it itself, tells. */
    private static long events(Segment strange, List<Segment> following, long next) throws IOException {
        long end =
                following.isEmpty() ? strange.recognisedEnd() : following.get(0).first();
        return Math.max(0, end - Math.max(next, strange.first()));
    }

    /** The number after its last event. */
    private static long cutTail(Segment newest) throws IOException {
        long size = newest.size();
        long end = newest.cutTail();
        if (newest.size() < size) {
            LOG.warn("{} ended within an event; the {} bytes of it are cut", newest.file(), size - newest.size());
        }
        return end;
    }
}
