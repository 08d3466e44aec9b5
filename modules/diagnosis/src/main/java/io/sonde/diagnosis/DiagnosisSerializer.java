package io.sonde.diagnosis;

import io.sonde.core.ClosedWindows;
import io.sonde.core.ClosedWindowsFormat;
import io.sonde.core.Packer;
import io.sonde.core.TraceContextFormat;
import io.sonde.core.Unpacker;
import io.sonde.core.UnreadableFormat;
import io.sonde.diagnosis.DiagnoserEntity.Judge;
import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** What the journal of closed windows and the wire between nodes hold; manifests are short and never change. */
public final class DiagnosisSerializer extends SerializerWithStringManifest {
    private static final int ID = 735_002;
    private static final String DIAGNOSED = "D";
    private static final String SNAPSHOT = "S";
    private static final String JUDGE = "j";

    private final ActorRefResolver references;

    public DiagnosisSerializer(ExtendedActorSystem system) {
        references = ActorRefResolver.get(Adapter.toTyped(system));
    }

    @Override
    public int identifier() {
        return ID;
    }

    @Override
    public String manifest(Object message) {
        if (message instanceof WindowsDiagnosed) {
            return DIAGNOSED;
        } else if (message instanceof DiagnosesSnapshot) {
            return SNAPSHOT;
        } else if (message instanceof Judge) {
            return JUDGE;
        }
        throw new IllegalArgumentException("not of the diagnosers' protocol: " + message.getClass());
    }

    @Override
    public byte[] toBinary(Object message) {
        if (message instanceof WindowsDiagnosed diagnosed) {
            return DiagnosedFormat.write(diagnosed);
        } else if (message instanceof DiagnosesSnapshot snapshot) {
            return snapshot.bytes();
        } else if (message instanceof Judge judge) {
            Packer to = new Packer(1024)
                    .text(references.toSerializationFormat(judge.replyTo()))
                    .blob(ClosedWindowsFormat.write(judge.closed()));
            TraceContextFormat.writeAll(judge.closed().traces(), to);
            return to.toBytes();
        }
        throw new IllegalArgumentException("not of the diagnosers' protocol: " + message.getClass());
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) {
        return switch (manifest) {
            case DIAGNOSED -> DiagnosedFormat.read(bytes);
            case SNAPSHOT -> new DiagnosesSnapshot(bytes);
            case JUDGE -> {
                Unpacker from = new Unpacker(bytes);
                var replyTo = references.<Done>resolveActorRef(from.text());
                ClosedWindows closed = ClosedWindowsFormat.read(from.blob());
                yield new Judge(closed.traced(TraceContextFormat.readAll(from)), replyTo);
            }
            default -> throw new UnreadableFormat("manifest " + manifest + " of the journal of closed windows");
        };
    }
}
