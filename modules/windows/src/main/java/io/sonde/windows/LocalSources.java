package io.sonde.windows;

import io.sonde.core.SourceId;
import io.sonde.windows.WindowsEntity.Command;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The sources whose entity runs on this node: they are told directly, without sharding's two actors between. An entity is
 * here from its recovery until it asks to be passivated or stops; what reaches it in the moment of its end is not answered,
 * and sent again, as what sharding had delivered just before.
 */
final class LocalSources {
    private final ConcurrentMap<SourceId, ActorRef<Command>> entities = new ConcurrentHashMap<>();

    Optional<ActorRef<Command>> find(SourceId source) {
        return Optional.ofNullable(entities.get(source));
    }

    int count() {
        return entities.size();
    }

    void runs(SourceId source, ActorRef<Command> entity) {
        entities.put(source, entity);
    }

    /** Its successor, if there is one already, stays. */
    void ends(SourceId source, ActorRef<Command> entity) {
        entities.remove(source, entity);
    }
}
