package io.sonde.problems;

import io.sonde.core.Packer;
import io.sonde.core.Unpacker;
import org.apache.pekko.persistence.typed.SnapshotAdapter;

/** {@link Problems} as they were, in their stored form: made on the entity's own thread, because they go on changing. */
@SuppressWarnings("ArrayRecordComponent") // handed from the entity to its serializer and never compared
record ProblemsSnapshot(byte[] bytes) {
    private static final int VERSION = 1;

    static ProblemsSnapshot of(Problems problems) {
        Packer to = new Packer(4_096).u8(VERSION).count(problems.problems().size());
        problems.problems().forEach(problem -> ProblemsFormat.write(problem, to));
        to.count(problems.deliveries().size());
        problems.deliveries().forEach(delivery -> ProblemsFormat.write(delivery, to));
        to.count(problems.silences().size());
        problems.silences().forEach(silence -> ProblemsFormat.write(silence, to));
        return new ProblemsSnapshot(to.toBytes());
    }

    Problems problems() {
        Unpacker from = new Unpacker(bytes);
        from.version("problems", VERSION);
        Problems problems = new Problems();
        for (int left = from.size(8); left > 0; left--) {
            problems.remember(ProblemsFormat.readProblem(from), Long.MIN_VALUE / 2);
        }
        for (int left = from.size(8); left > 0; left--) {
            problems.remember(ProblemsFormat.readDelivery(from));
        }
        for (int left = from.size(8); left > 0; left--) {
            problems.remember(ProblemsFormat.readSilence(from));
        }
        return problems;
    }

    /** Between the entity's state and its snapshot. */
    static final class Adapter implements SnapshotAdapter<Problems> {
        @Override
        public Object toJournal(Problems state) {
            return of(state);
        }

        @Override
        public Problems fromJournal(Object from) {
            return ((ProblemsSnapshot) from).problems();
        }
    }
}
