package io.sonde.query;

import io.sonde.core.Kind;
import io.sonde.core.SourceId;
import io.sonde.problems.Problem;
import io.sonde.query.Presence.Heard;
import io.sonde.query.Subscription.Channel;
import io.sonde.views.ClosedMinute;
import io.sonde.views.IncidentRow;
import io.sonde.views.News;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The open streams of a node, and what each of them is told. It listens to the news while somebody wants some. */
final class Audience {
    private static final Set<Channel> OF_MINUTES = Set.of(Channel.WINDOWS, Channel.INCIDENTS, Channel.CLIENTS);
    private static final Set<Channel> OF_PROBLEMS = Set.of(Channel.PROBLEMS);
    private static final Set<Channel> OF_CLIENTS = Set.of(Channel.CLIENTS);

    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    private final Kind kind;
    private final StreamJson json;
    private final News news;
    private final Presence presence;
    private final Clock clock;
    private @Nullable Runnable leaveMinutes;
    private @Nullable Runnable leaveProblems;

    Audience(Kind kind, News news, Presence presence, Clock clock) {
        this.kind = kind;
        this.json = new StreamJson(kind);
        this.news = news;
        this.presence = presence;
        this.clock = clock;
    }

    Set<Stream> streams() {
        return streams;
    }

    /** What its readers want has changed. */
    synchronized void listen() {
        leaveMinutes = listening(OF_MINUTES, leaveMinutes, () -> news.onClosed(this::tell));
        leaveProblems = listening(OF_PROBLEMS, leaveProblems, () -> news.onProblem(this::tell));
        if (wants(OF_CLIENTS)) {
            streams.stream()
                    .filter(stream -> stream.wants(OF_CLIENTS))
                    .forEach(stream -> presence.look(stream.reader().grant().tenant(), clock.millis()));
        } else {
            presence.forget();
        }
    }

    void heartbeat() {
        String heartbeat = StreamJson.heartbeat(clock.millis());
        streams.forEach(stream -> stream.backlog().offer(heartbeat));
    }

    void tellOfSilence() {
        presence.silentSince(clock.millis()).forEach(this::tell);
    }

    private @Nullable Runnable listening(Set<Channel> channels, @Nullable Runnable leave, Supplier<Runnable> join) {
        if (wants(channels)) {
            return leave == null ? join.get() : leave;
        }
        if (leave != null) {
            leave.run();
        }
        return null;
    }

    private boolean wants(Set<Channel> channels) {
        return streams.stream().anyMatch(stream -> stream.wants(channels));
    }

    private void tell(ClosedMinute minute) {
        SourceId source = minute.source();
        if (!source.kind().equals(kind.name())) {
            return;
        }
        Worded worded = new Worded(minute);
        tell(source.tenant(), Channel.WINDOWS, worded::windows);
        tell(source.tenant(), Channel.INCIDENTS, worded::incidents);
        if (!minute.windows().isEmpty() && wants(OF_CLIENTS)) {
            presence.heard(source.tenant(), source.source(), minute.startMs()).ifPresent(this::tell);
        }
    }

    private void tell(Heard heard) {
        List<String> words = List.of(json.client(heard));
        tell(heard.tenant(), Channel.CLIENTS, to -> to.wantsSource(heard.source()) ? words : List.of());
    }

    private void tell(Problem problem) {
        if (problem.kind().equals(kind.name())) {
            List<String> words = List.of(json.problem(problem));
            tell(problem.tenant(), Channel.PROBLEMS, to -> to.wants(problem) ? words : List.of());
        }
    }

    private void tell(String tenant, Channel channel, Function<Subscription, List<String>> words) {
        for (Stream stream : streams) {
            if (!stream.isOf(tenant)) {
                continue;
            }
            for (Subscription to : stream.subscriptions()) {
                List<String> wanted = to.channel() == channel ? words.apply(to) : List.<String>of();
                if (!wanted.isEmpty()) {
                    stream.backlog().offer(StreamJson.items(to, wanted));
                }
            }
        }
    }

    /** A minute in words: each is found once, when somebody wants it, however many do. */
    private final class Worded {
        private final ClosedMinute minute;
        private final Map<Integer, String> windows = new HashMap<>();
        private final Map<Integer, String> incidents = new HashMap<>();

        Worded(ClosedMinute minute) {
            this.minute = minute;
        }

        List<String> windows(Subscription to) {
            String source = minute.source().source();
            List<ClosedMinute.Window> all = minute.windows();
            return wanted(
                    all.size(),
                    i -> to.wants(source, all.get(i).aggregate().target()),
                    i -> windows.computeIfAbsent(i, any -> json.window(source, all.get(i))));
        }

        List<String> incidents(Subscription to) {
            List<IncidentRow> all = minute.incidents();
            return wanted(
                    all.size(),
                    i -> to.wants(all.get(i).source(), all.get(i).target()),
                    i -> incidents.computeIfAbsent(i, any -> json.incident(all.get(i))));
        }

        private static List<String> wanted(int all, IntPredicate isWanted, IntFunction<String> words) {
            return IntStream.range(0, all).filter(isWanted).mapToObj(words).toList();
        }
    }
}
