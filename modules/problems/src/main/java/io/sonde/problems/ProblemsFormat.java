package io.sonde.problems;

import io.sonde.core.EvidenceFormat;
import io.sonde.core.Notification.Member;
import io.sonde.core.Notification.Scope;
import io.sonde.core.Packer;
import io.sonde.core.Unpacker;
import io.sonde.core.UnreadableFormat;
import io.sonde.problems.Problem.Ack;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Problems, deliveries and silences as bytes, inside events, snapshots and orders that carry the version. */
final class ProblemsFormat {
    private ProblemsFormat() {}

    static void write(Problem problem, Packer to) {
        to.text(problem.id())
                .count(problem.version())
                .text(problem.tenant())
                .text(problem.kind())
                .text(problem.scope().name())
                .text(problem.label());
        writeMaybe(problem.source(), to);
        writeMaybe(problem.target(), to);
        to.count(problem.startedMs()).count(problem.endedMs());
        writeMaybe(problem.partOf(), to);
        Ack ack = problem.ack();
        to.u8(ack == null ? 0 : 1);
        if (ack != null) {
            write(ack, to);
        }
        to.count(problem.members().size());
        problem.members().forEach(member -> write(member, to));
    }

    static Problem readProblem(Unpacker from) {
        return new Problem(
                from.text(),
                from.count(),
                from.text(),
                from.text(),
                value(Scope.class, from.text()),
                from.text(),
                readMaybe(from),
                readMaybe(from),
                from.count(),
                from.count(),
                readMaybe(from),
                from.u8() == 0 ? null : readAck(from),
                members(from));
    }

    static void write(Ack ack, Packer to) {
        to.text(ack.by()).text(ack.note()).count(ack.atMs());
    }

    static Ack readAck(Unpacker from) {
        return new Ack(from.text(), from.text(), from.count());
    }

    static void write(Delivery delivery, Packer to) {
        to.text(delivery.key())
                .count(delivery.version())
                .text(delivery.problem())
                .text(delivery.channel())
                .u8(delivery.resolved() ? 1 : 0)
                .text(delivery.state().name())
                .count(delivery.attempts())
                .count(delivery.nextMs())
                .text(delivery.error())
                .count(delivery.doneMs());
    }

    static Delivery readDelivery(Unpacker from) {
        return new Delivery(
                from.text(),
                from.count(),
                from.text(),
                from.text(),
                from.u8() == 1,
                value(Delivery.State.class, from.text()),
                from.small(),
                from.count(),
                from.text(),
                from.count());
    }

    static void write(Silence silence, Packer to) {
        to.text(silence.id()).text(silence.tenant());
        writeMaybe(silence.label(), to);
        writeMaybe(silence.source(), to);
        writeMaybe(silence.target(), to);
        to.count(silence.fromMs()).count(silence.untilMs()).text(silence.by()).text(silence.comment());
    }

    static Silence readSilence(Unpacker from) {
        String id = from.text();
        String tenant = from.text();
        String label = readMaybe(from);
        String source = readMaybe(from);
        String target = readMaybe(from);
        long fromMs = from.count();
        long untilMs = from.count();
        if (untilMs < fromMs) {
            throw new UnreadableFormat("a silence that ends before it begins");
        }
        return new Silence(id, tenant, label, source, target, fromMs, untilMs, from.text(), from.text());
    }

    private static void write(Member member, Packer to) {
        to.text(member.incident())
                .text(member.source())
                .text(member.target())
                .text(member.label())
                .count(member.onsetMs());
        Long endedMs = member.endedMs();
        to.count(endedMs == null ? 0 : endedMs).number(member.severity());
        EvidenceFormat.write(member.evidence(), to);
    }

    private static List<Member> members(Unpacker from) {
        List<Member> members = new ArrayList<>();
        for (int left = from.size(8); left > 0; left--) {
            String incident = from.text();
            String source = from.text();
            String target = from.text();
            String label = from.text();
            long onsetMs = from.count();
            long endedMs = from.count();
            members.add(new Member(
                    incident,
                    source,
                    target,
                    label,
                    onsetMs,
                    endedMs == 0 ? null : endedMs,
                    from.number(),
                    EvidenceFormat.read(from)));
        }
        return members;
    }

    private static void writeMaybe(@Nullable String text, Packer to) {
        to.u8(text == null ? 0 : 1);
        if (text != null) {
            to.text(text);
        }
    }

    private static @Nullable String readMaybe(Unpacker from) {
        return from.u8() == 0 ? null : from.text();
    }

    private static <T extends Enum<T>> T value(Class<T> type, String name) {
        try {
            return Enum.valueOf(type, name);
        } catch (IllegalArgumentException e) {
            throw new UnreadableFormat("a " + type.getSimpleName() + " " + name);
        }
    }
}
