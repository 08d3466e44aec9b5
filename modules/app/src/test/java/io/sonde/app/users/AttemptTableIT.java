package io.sonde.app.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class AttemptTableIT {
    private final People people = new People();
    private final AttemptTable table = people.attempts;

    @Test
    void afterFiveFailuresOfANameNobodyIsListenedToFromAnywhere() {
        for (int i = 1; i <= 5; i++) {
            assertThat(begin("eva", "10.0.0." + i)).isEmpty();
        }

        assertThat(begin("eva", "10.0.0.9")).contains(Duration.ofSeconds(30));
        assertThat(begin("tom", "10.0.0.9")).isEmpty();
    }

    @Test
    void eachFurtherFailureTakesTwiceAsLongAndItSurvivesARestart() {
        fail("eva", 5);
        people.clock.forward(Duration.ofSeconds(30));
        assertThat(begin("eva", "10.0.0.1")).isEmpty();

        var restarted = new AttemptTable(people.database, people.clock);

        assertThat(restarted.begin(attempt("eva", "10.0.0.1"))).contains(Duration.ofSeconds(60));
    }

    @Test
    void anAddressThatTriesManyNamesIsNotListenedTo() {
        for (int i = 0; i < 20; i++) {
            assertThat(begin("name" + i, "10.0.0.1")).isEmpty();
        }

        assertThat(begin("eva", "10.0.0.1")).contains(Duration.ofSeconds(30));
        assertThat(begin("eva", "10.0.0.2")).isEmpty();
    }

    @Test
    void oneNetworkOfIpV6IsOneAddress() {
        for (int i = 0; i < 20; i++) {
            assertThat(begin("name" + i, "2001:db8:1:2::" + i)).isEmpty();
        }

        assertThat(begin("eva", "2001:db8:1:2:ffff::1")).isPresent();
        assertThat(begin("eva", "2001:db8:1:3::1")).isEmpty();
    }

    @Test
    void aHundredAtOnceAreNoMoreGuessesThanAHundredOneAfterAnother() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        List<Callable<Optional<Duration>>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String address = "10.0.0." + i;
            all.add(() -> begin("eva", address));
        }

        int listenedTo = 0;
        for (var one : threads.invokeAll(all)) {
            listenedTo += one.get().isEmpty() ? 1 : 0;
        }

        threads.shutdown();
        assertThat(listenedTo).isEqualTo(5);
    }

    @Test
    void successBeginsTheNameAnewAndGivesTheAddressBackWhatItCost() {
        fail("eva", 4);
        table.succeeded(attempt("eva", "10.0.0.1"));

        assertThat(begin("eva", "10.0.0.1")).isEmpty();
        assertThat(people.rows("SELECT failures FROM sign_in_failure ORDER BY 1"))
                .containsExactly("1", "4");
    }

    @Test
    void whoSignsInBetweenGuessesGainsNoneForTheAddress() {
        for (int i = 0; i < 20; i++) {
            begin("name" + i, "10.0.0.1");
            people.clock.forward(Duration.ofSeconds(1));
        }
        people.clock.forward(Duration.ofSeconds(30));
        begin("mine", "10.0.0.1");
        table.succeeded(attempt("mine", "10.0.0.1"));

        assertThat(begin("eva", "10.0.0.1")).isEmpty();
        assertThat(begin("eva", "10.0.0.1")).contains(Duration.ofSeconds(60));
    }

    @Test
    void aDayWithoutFailuresIsForgotten() {
        fail("eva", 5);
        people.clock.forward(Duration.ofDays(1).plusSeconds(1));

        for (int i = 1; i <= 5; i++) {
            assertThat(begin("eva", "10.0.0." + i)).isEmpty();
        }
        assertThat(begin("eva", "10.0.0.9")).contains(Duration.ofSeconds(30));
    }

    @Test
    void whatWasTypedIsNotStored() {
        fail("my password, typed as a name", 1);

        assertThat(people.rows("SELECT f::text FROM sign_in_failure f"))
                .hasSize(2)
                .noneMatch(row -> row.contains("typed"));
    }

    private void fail(String name, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(begin(name, "10.0.0.1")).isEmpty();
        }
    }

    private Optional<Duration> begin(String name, String address) {
        return table.begin(attempt(name, address));
    }

    private static Attempt attempt(String name, String address) {
        try {
            return Attempt.of(name, InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
