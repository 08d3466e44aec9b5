package io.sonde.diagnosis;

import io.sonde.core.Packer;
import io.sonde.core.Unpacker;
import io.sonde.core.UnreadableFormat;
import java.util.ArrayList;
import java.util.List;

/** Incidents as bytes, inside events and snapshots that carry the version. */
final class IncidentFormat {
    private IncidentFormat() {}

    static void writeAll(List<Incident> incidents, Packer to) {
        to.count(incidents.size());
        for (Incident incident : incidents) {
            write(incident, to);
        }
    }

    static List<Incident> readAll(Unpacker from) {
        List<Incident> incidents = new ArrayList<>();
        for (int left = from.size(12); left > 0; left--) {
            incidents.add(read(from));
        }
        return incidents;
    }

    private static void write(Incident incident, Packer to) {
        to.text(incident.id())
                .text(incident.target())
                .text(incident.label())
                .text(incident.state().name())
                .count(incident.version())
                .count(incident.onsetMs())
                .count(incident.openedMs())
                .count(incident.lastSeenMs())
                .count(incident.endedMs())
                .count(incident.peakMs());
        JudgementFormat.write(incident.peak(), to);
        to.text(incident.rules()).count(incident.timeline().size());
        incident.timeline().forEach(change -> to.count(change.startMs()).text(change.label()));
    }

    private static Incident read(Unpacker from) {
        return new Incident(
                from.text(),
                from.text(),
                from.text(),
                state(from.text()),
                from.count(),
                from.count(),
                from.count(),
                from.count(),
                from.count(),
                from.count(),
                JudgementFormat.readVerdict(from),
                from.text(),
                timeline(from));
    }

    private static List<Incident.Change> timeline(Unpacker from) {
        List<Incident.Change> changes = new ArrayList<>();
        for (int left = from.size(2); left > 0; left--) {
            changes.add(new Incident.Change(from.count(), from.text()));
        }
        if (changes.isEmpty()) {
            throw new UnreadableFormat("an incident without a timeline");
        }
        return changes;
    }

    private static Incident.State state(String name) {
        try {
            return Incident.State.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new UnreadableFormat("an incident in state " + name);
        }
    }
}
