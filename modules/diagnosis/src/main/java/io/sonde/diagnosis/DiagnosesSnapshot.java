package io.sonde.diagnosis;

import org.apache.pekko.persistence.typed.SnapshotAdapter;

/** {@link Diagnoses} as they were, in their stored form: made on the entity's own thread, because they go on changing. */
@SuppressWarnings("ArrayRecordComponent") // handed from the entity to its serializer and never compared
record DiagnosesSnapshot(byte[] bytes) {
    /** Between an entity's state and its snapshot. */
    static final class Adapter implements SnapshotAdapter<Diagnoses> {
        @Override
        public Object toJournal(Diagnoses state) {
            return new DiagnosesSnapshot(state.toSnapshot());
        }

        @Override
        public Diagnoses fromJournal(Object from) {
            return Diagnoses.fromSnapshot(((DiagnosesSnapshot) from).bytes());
        }
    }
}
