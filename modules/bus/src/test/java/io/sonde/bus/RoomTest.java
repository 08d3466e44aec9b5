package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RoomTest {
    /** P18: whatever comes, what is under way stays within both bounds, but for one that is larger than all of it. */
    @Property
    void p18WhatIsUnderWayIsBounded(
            @ForAll @Size(max = 60) java.util.List<@IntRange(min = 1, max = 150) Integer> sizes) {
        Room room = new Room(5, 100);
        java.util.ArrayDeque<Integer> inside = new java.util.ArrayDeque<>();
        int bytes = 0;
        for (int size : sizes) {
            if (room.tryEnter(size)) {
                inside.add(size);
                bytes += size;
            } else {
                int left = inside.remove();
                bytes -= left;
                room.leave(left);
            }
            assertThat(inside.size()).isLessThanOrEqualTo(5);
            assertThat(bytes <= 100 || inside.size() == 1).isTrue();
        }
        assertThat(room.isEmpty()).isEqualTo(inside.isEmpty());
    }

    @Test
    void p18OfManyAllEnterOrNone() {
        Room room = new Room(5, 100);
        assertThat(room.tryEnter(3, 30)).isTrue();

        assertThat(room.tryEnter(3, 30)).isFalse();
        assertThat(room.tryEnter(2, 80)).isFalse();

        assertThat(room.tryEnter(2, 70)).isTrue();
        assertThat(room.tryEnter(1)).isFalse();
    }

    @Test
    void whoWaitsEntersWhenAnotherHasLeft() throws Exception {
        Room room = new Room(1, 100);
        room.enter(10);
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> {
            try {
                room.enter(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(room.awaitEmpty(20)).isFalse();

        room.leave(10);

        Awaitility.await().atMost(Duration.ofSeconds(5)).until(second::isDone);
        room.leave(10);
        assertThat(room.awaitEmpty(TimeUnit.SECONDS.toMillis(5))).isTrue();
    }
}
