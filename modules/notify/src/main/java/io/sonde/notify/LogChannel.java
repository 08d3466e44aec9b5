package io.sonde.notify;

import io.sonde.core.Channel;
import io.sonde.core.Evidence;
import io.sonde.core.Notification;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line in this node's log: a warning when it begins, an info when it is over. */
final class LogChannel implements Channel {
    private static final Logger LOG = LoggerFactory.getLogger(LogChannel.class);

    private final Links links;

    LogChannel(Links links) {
        this.links = links;
    }

    @Override
    public CompletionStage<String> send(Notification notification) {
        String line = line(notification);
        if (notification.resolved()) {
            LOG.info("{}", line);
        } else {
            LOG.warn("{}", line);
        }
        return CompletableFuture.completedFuture("logged");
    }

    private String line(Notification notification) {
        List<Evidence> worst = notification.members().isEmpty()
                ? List.of()
                : notification.members().get(0).evidence();
        String evidence = worst.isEmpty() ? "" : "; " + Wording.evidence(worst.get(0));
        String link = links.toProblem(notification.problem());
        return Wording.title(notification) + (notification.resolved() ? "" : evidence) + "; "
                + Wording.facts(notification) + (link.isEmpty() ? "" : "; " + link);
    }
}
