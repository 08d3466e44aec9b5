package io.sonde.diagnosis;

import io.sonde.core.ClosedWindows;
import io.sonde.core.ClosedWindowsFormat;
import io.sonde.core.Judgement;
import io.sonde.core.Packer;
import io.sonde.core.TraceContextFormat;
import io.sonde.core.Unpacker;
import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Diagnosed windows as bytes. Starts with its version; 1 had a label for a target, and never one was written. */
final class DiagnosedFormat {
    private static final int VERSION = 2;

    private DiagnosedFormat() {}

    static byte[] write(WindowsDiagnosed diagnosed) {
        Packer to = new Packer(1024)
                .u8(VERSION)
                .blob(ClosedWindowsFormat.write(diagnosed.closed()))
                .count(diagnosed.judgements().size());
        new TreeMap<>(diagnosed.judgements())
                .forEach((target, judgement) -> JudgementFormat.write(judgement, to.text(target)));
        IncidentFormat.writeAll(diagnosed.incidents(), to);
        TraceContextFormat.writeAll(diagnosed.closed().traces(), to);
        return to.toBytes();
    }

    static WindowsDiagnosed read(byte[] bytes) {
        Unpacker from = new Unpacker(bytes);
        int version = from.version("windows diagnosed", VERSION);
        ClosedWindows closed = ClosedWindowsFormat.read(from.blob());
        if (version == 1) {
            from.texts();
            return new WindowsDiagnosed(closed, Map.of(), List.of());
        }
        Map<String, Judgement> judgements = new HashMap<>();
        for (int left = from.size(6); left > 0; left--) {
            judgements.put(from.text(), JudgementFormat.read(from));
        }
        List<Incident> incidents = IncidentFormat.readAll(from);
        return new WindowsDiagnosed(closed.traced(TraceContextFormat.readAll(from)), judgements, incidents);
    }
}
