package io.sonde.problems;

import io.sonde.core.Packer;
import io.sonde.core.Unpacker;
import io.sonde.core.UnreadableFormat;
import io.sonde.problems.ProblemsEntity.Acknowledge;
import io.sonde.problems.ProblemsEntity.BeSilent;
import io.sonde.problems.ProblemsEntity.EndSilence;
import io.sonde.problems.ProblemsEvent.DeliveryChanged;
import io.sonde.problems.ProblemsEvent.ProblemChanged;
import io.sonde.problems.ProblemsEvent.SilenceChanged;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** What the journal of problems and the wire between nodes hold; manifests are short and never change. */
public final class ProblemsSerializer extends SerializerWithStringManifest {
    private static final int ID = 735_003;
    private static final int VERSION = 1;

    private final ActorRefResolver references;

    public ProblemsSerializer(ExtendedActorSystem system) {
        references = ActorRefResolver.get(Adapter.toTyped(system));
    }

    @Override
    public int identifier() {
        return ID;
    }

    @Override
    public String manifest(Object message) {
        if (message instanceof ProblemChanged) {
            return "P";
        } else if (message instanceof DeliveryChanged) {
            return "D";
        } else if (message instanceof SilenceChanged) {
            return "S";
        } else if (message instanceof ProblemsSnapshot) {
            return "N";
        } else if (message instanceof Acknowledge) {
            return "a";
        } else if (message instanceof BeSilent) {
            return "s";
        } else if (message instanceof EndSilence) {
            return "e";
        }
        throw new IllegalArgumentException("not of the problems' protocol: " + message.getClass());
    }

    @Override
    public byte[] toBinary(Object message) {
        if (message instanceof ProblemsSnapshot snapshot) {
            return snapshot.bytes();
        }
        Packer to = new Packer(512).u8(VERSION);
        if (message instanceof ProblemChanged changed) {
            ProblemsFormat.write(changed.problem(), to.count(changed.atMs()));
        } else if (message instanceof DeliveryChanged changed) {
            ProblemsFormat.write(changed.delivery(), to);
        } else if (message instanceof SilenceChanged changed) {
            ProblemsFormat.write(changed.silence(), to);
        } else if (message instanceof Acknowledge order) {
            to.text(order.tenant()).text(order.incident());
            ProblemsFormat.write(order.ack(), to);
            to.text(references.toSerializationFormat(order.replyTo()));
        } else if (message instanceof BeSilent order) {
            ProblemsFormat.write(order.silence(), to);
            to.text(references.toSerializationFormat(order.replyTo()));
        } else if (message instanceof EndSilence order) {
            to.text(order.tenant()).text(order.id()).text(references.toSerializationFormat(order.replyTo()));
        } else {
            throw new IllegalArgumentException("not of the problems' protocol: " + message.getClass());
        }
        return to.toBytes();
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) {
        if (manifest.equals("N")) {
            return new ProblemsSnapshot(bytes);
        }
        Unpacker from = new Unpacker(bytes);
        from.version("problems' " + manifest, VERSION);
        return switch (manifest) {
            case "P" -> {
                long atMs = from.count();
                yield new ProblemChanged(ProblemsFormat.readProblem(from), atMs);
            }
            case "D" -> new DeliveryChanged(ProblemsFormat.readDelivery(from));
            case "S" -> new SilenceChanged(ProblemsFormat.readSilence(from));
            case "a" -> new Acknowledge(from.text(), from.text(), ProblemsFormat.readAck(from), replyTo(from));
            case "s" -> new BeSilent(ProblemsFormat.readSilence(from), replyTo(from));
            case "e" -> new EndSilence(from.text(), from.text(), replyTo(from));
            default -> throw new UnreadableFormat("manifest " + manifest + " of the journal of problems");
        };
    }

    private ActorRef<StatusReply<String>> replyTo(Unpacker from) {
        return references.resolveActorRef(from.text());
    }
}
