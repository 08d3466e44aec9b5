package io.sonde.windows;

import io.sonde.core.Failpoint;
import io.sonde.core.Kind;
import io.sonde.core.SourceId;
import org.apache.pekko.persistence.typed.SnapshotAdapter;

/**
 * {@link Windows} as they were, in their stored form: made on the entity's own thread, because the windows go on
 * changing while the snapshot is written.
 */
@SuppressWarnings("ArrayRecordComponent") // handed from the entity to its serializer and never compared
record WindowsSnapshot(byte[] bytes) {
    /** Between an entity's state and its snapshot. */
    static final class Adapter implements SnapshotAdapter<Windows> {
        private final SourceId source;
        private final Kind kind;

        Adapter(SourceId source, Kind kind) {
            this.source = source;
            this.kind = kind;
        }

        @Override
        public Object toJournal(Windows state) {
            Failpoint.BEFORE_SNAPSHOT.pass();
            return new WindowsSnapshot(state.toSnapshot());
        }

        @Override
        public Windows fromJournal(Object from) {
            return Windows.fromSnapshot(source, kind, ((WindowsSnapshot) from).bytes());
        }
    }
}
