package io.sonde.windows;

import io.sonde.core.Batch;
import io.sonde.core.BatchFormat;
import io.sonde.core.ClosedWindows;
import io.sonde.core.ClosedWindowsFormat;
import io.sonde.core.Packer;
import io.sonde.core.Receipt;
import io.sonde.core.Receipt.Unrecordable;
import io.sonde.core.SourceId;
import io.sonde.core.TraceContextFormat;
import io.sonde.core.Unpacker;
import io.sonde.core.UnreadableFormat;
import io.sonde.core.WindowAggregate;
import io.sonde.windows.WindowsEntity.Record;
import io.sonde.windows.WindowsEntity.Show;
import io.sonde.windows.WindowsEntity.Shown;
import io.sonde.windows.WindowsEntity.WakeUp;
import io.sonde.windows.WindowsEvent.SamplesAccepted;
import io.sonde.windows.WindowsEvent.WindowsSealed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** What the journal of open windows and the wire between nodes hold; manifests are short and never change. */
public final class WindowsSerializer extends SerializerWithStringManifest {
    private static final int ID = 735_001;
    private static final String ACCEPTED = "A";
    private static final String SEALED = "S";
    static final String ALL_SEALED = "Z";
    private static final String SNAPSHOT = "W";
    private static final String RECORD = "r";
    private static final String RECEIPT = "R";
    private static final String SHOW = "o";
    private static final String SHOWN = "O";
    private static final String WAKE_UP = "w";

    /** Shown windows travel in the form of closed ones, which name their source; here it is known to who asked. */
    private static final SourceId UNNAMED = new SourceId("-", "-", "-", 0);

    private final ActorRefResolver references;

    public WindowsSerializer(ExtendedActorSystem system) {
        references = ActorRefResolver.get(Adapter.toTyped(system));
    }

    @Override
    public int identifier() {
        return ID;
    }

    @Override
    public String manifest(Object message) {
        if (message instanceof SamplesAccepted) {
            return ACCEPTED;
        } else if (message instanceof WindowsSealed sealed) {
            return sealed.noneOpen() ? ALL_SEALED : SEALED;
        } else if (message instanceof WindowsSnapshot) {
            return SNAPSHOT;
        } else if (message instanceof Record) {
            return RECORD;
        } else if (message instanceof Receipt) {
            return RECEIPT;
        } else if (message instanceof Show) {
            return SHOW;
        } else if (message instanceof Shown) {
            return SHOWN;
        } else if (message instanceof WakeUp) {
            return WAKE_UP;
        }
        throw new IllegalArgumentException("not of the windows' protocol: " + message.getClass());
    }

    @Override
    public byte[] toBinary(Object message) {
        if (message instanceof SamplesAccepted accepted) {
            return BatchFormat.write(accepted.batch());
        } else if (message instanceof WindowsSealed sealed) {
            return new Packer(16).u8(1).signed(sealed.beforeMs()).toBytes();
        } else if (message instanceof WindowsSnapshot snapshot) {
            return snapshot.bytes();
        } else if (message instanceof Record record) {
            Packer to = new Packer(1024)
                    .text(references.toSerializationFormat(record.replyTo()))
                    .blob(BatchFormat.write(record.batch()));
            TraceContextFormat.writeTraced(record.batch().traces(), to);
            return to.toBytes();
        } else if (message instanceof Receipt receipt) {
            return writeReceipt(receipt);
        } else if (message instanceof Show show) {
            return new Packer(256)
                    .text(references.toSerializationFormat(show.replyTo()))
                    .text(show.target())
                    .toBytes();
        } else if (message instanceof Shown shown) {
            return writeShown(shown);
        } else if (message instanceof WakeUp) {
            return new byte[0];
        }
        throw new IllegalArgumentException("not of the windows' protocol: " + message.getClass());
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) {
        Unpacker from = new Unpacker(bytes);
        return switch (manifest) {
            case ACCEPTED -> new SamplesAccepted(BatchFormat.read(bytes));
            case SEALED -> readSealed(from, false);
            case ALL_SEALED -> readSealed(from, true);
            case SNAPSHOT -> new WindowsSnapshot(bytes);
            case RECORD -> {
                var replyTo = references.<Receipt>resolveActorRef(from.text());
                Batch batch = BatchFormat.read(from.blob());
                yield new Record(batch.traced(TraceContextFormat.readTraced(from)), replyTo);
            }
            case RECEIPT -> readReceipt(from);
            case SHOW -> {
                var replyTo = references.<Shown>resolveActorRef(from.text());
                yield new Show(from.text(), replyTo);
            }
            case SHOWN -> readShown(from);
            case WAKE_UP -> WakeUp.NOW;
            default -> throw new UnreadableFormat("manifest " + manifest + " of the windows' journal");
        };
    }

    private static WindowsSealed readSealed(Unpacker from, boolean noneOpen) {
        from.version("windows sealed", 1);
        return new WindowsSealed(from.signed(), noneOpen);
    }

    private static byte[] writeReceipt(Receipt receipt) {
        Packer to = new Packer(16)
                .count(receipt.accepted())
                .count(receipt.duplicate())
                .count(receipt.late())
                .u8(receipt.counted() ? 1 : 0)
                .count(receipt.unrecordable().size());
        for (Unrecordable sample : receipt.unrecordable()) {
            to.raw(sample.id().getMostSignificantBits())
                    .raw(sample.id().getLeastSignificantBits())
                    .text(sample.reason());
        }
        return to.toBytes();
    }

    private static Receipt readReceipt(Unpacker from) {
        int accepted = from.small();
        int duplicate = from.small();
        int late = from.small();
        boolean counted = from.u8() == 1;
        List<Unrecordable> unrecordable = new ArrayList<>(0);
        for (int left = from.size(17); left > 0; left--) {
            unrecordable.add(new Unrecordable(new UUID(from.raw(), from.raw()), from.text()));
        }
        return new Receipt(accepted, duplicate, late, unrecordable, counted);
    }

    /** One entry a window, since each has a start of its own. */
    private static byte[] writeShown(Shown shown) {
        Packer to = new Packer(1024).count(shown.windows().size());
        for (WindowAggregate window : shown.windows()) {
            to.blob(ClosedWindowsFormat.write(new ClosedWindows(UNNAMED, window.startMs(), Map.of(), List.of(window))));
        }
        return to.toBytes();
    }

    private static Shown readShown(Unpacker from) {
        List<WindowAggregate> windows = new ArrayList<>();
        for (int left = from.size(1); left > 0; left--) {
            windows.addAll(ClosedWindowsFormat.read(from.blob()).windows());
        }
        return new Shown(windows);
    }
}
