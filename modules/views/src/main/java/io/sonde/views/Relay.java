package io.sonde.views;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/** Tells what happened on one node to whoever listens on any, at most once; nothing is sent while nobody does. */
final class Relay<T> {
    private final ActorSystem<?> system;
    private final ServiceKey<T> key;
    private final ActorRef<T> ear;
    private final List<Consumer<T>> listeners = new CopyOnWriteArrayList<>();
    /** Of the other nodes on which somebody listens. */
    private volatile Set<ActorRef<T>> others = Set.of();

    /** @param type what is sent, and can be serialized */
    Relay(ActorSystem<?> system, Class<T> type, String name) {
        this.system = system;
        this.key = ServiceKey.create(type, name);
        this.ear = system.systemActorOf(hearing(), name, Props.empty());
        system.systemActorOf(lookingOut(), name + "-elsewhere", Props.empty());
    }

    boolean isHeard() {
        return !listeners.isEmpty() || !others.isEmpty();
    }

    void tell(T what) {
        if (!listeners.isEmpty()) {
            ear.tell(what);
        }
        others.forEach(node -> node.tell(what));
    }

    /** @return ends it */
    synchronized Runnable listen(Consumer<T> listener) {
        if (listeners.isEmpty()) {
            system.receptionist().tell(Receptionist.register(key, ear));
        }
        listeners.add(listener);
        return () -> end(listener);
    }

    private synchronized void end(Consumer<T> listener) {
        if (listeners.remove(listener) && listeners.isEmpty()) {
            system.receptionist().tell(Receptionist.deregister(key, ear));
        }
    }

    /** A listener that fails misses what it failed at, and nothing else. */
    private Behavior<T> hearing() {
        Behavior<T> hearing = Behaviors.receiveMessage(what -> {
            listeners.forEach(listener -> listener.accept(what));
            return Behaviors.same();
        });
        return Behaviors.supervise(hearing).onFailure(SupervisorStrategy.resume());
    }

    private Behavior<Receptionist.Listing> lookingOut() {
        return Behaviors.setup(context -> {
            system.receptionist().tell(Receptionist.subscribe(key, context.getSelf()));
            return Behaviors.receiveMessage(listing -> {
                others = listing.getServiceInstances(key).stream()
                        .filter(node -> !node.equals(ear))
                        .collect(Collectors.toUnmodifiableSet());
                return Behaviors.same();
            });
        });
    }
}
