package io.sonde.views;

import io.sonde.core.UnreadableFormat;
import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;

/** Reads what the journal of closed windows stores, with the serializers it was written by. */
final class EventFormat {
    private final Serialization serialization;

    EventFormat(ActorSystem<?> system) {
        serialization = SerializationExtension.get(system);
    }

    /** @throws RuntimeException when nothing here can read it: it must not be passed over */
    WindowsDiagnosed read(byte[] payload, int serializer, String manifest) {
        if (serialization.deserialize(payload, serializer, manifest).get() instanceof WindowsDiagnosed diagnosed) {
            return diagnosed;
        }
        throw new UnreadableFormat("manifest " + manifest + " in the journal of closed windows");
    }
}
