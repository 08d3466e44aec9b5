package io.sonde.views;

import io.sonde.core.SourceId;
import io.sonde.diagnosis.DiagnosisEvent;
import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;

/** Journals what it is told. */
final class Journalling extends EventSourcedBehavior<Journalling.Write, DiagnosisEvent, Done> {
    record Write(WindowsDiagnosed event, ActorRef<Done> replyTo) {}

    Journalling(SourceId source) {
        super(PersistenceId.ofUniqueId(source.entityId()));
    }

    @Override
    public String journalPluginId() {
        return "sonde.diagnosis.journal";
    }

    @Override
    public Done emptyState() {
        return Done.getInstance();
    }

    @Override
    public CommandHandler<Write, DiagnosisEvent, Done> commandHandler() {
        return newCommandHandlerBuilder()
                .forAnyState()
                .onCommand(
                        Write.class, write -> Effect().persist(write.event()).thenReply(write.replyTo(), same -> same))
                .build();
    }

    @Override
    public EventHandler<Done, DiagnosisEvent> eventHandler() {
        return newEventHandlerBuilder().forAnyState().onAnyEvent((state, event) -> state);
    }
}
