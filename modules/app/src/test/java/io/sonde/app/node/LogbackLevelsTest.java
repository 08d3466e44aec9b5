package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.typesafe.config.ConfigFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogbackLevelsTest {
    private static final String NAME = "io.sonde.app.node.LogbackLevelsTest";

    @Test
    void aLevelThatIsRenewedInTheMomentItsTimeIsOverHolds() {
        Logger logger = (Logger) LoggerFactory.getLogger(NAME);
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.empty(),
                "levels",
                ConfigFactory.parseString("pekko.actor.provider = local").withFallback(ConfigFactory.load()));
        try {
            LogbackLevels levels = new LogbackLevels(system, changes -> {}, Runnable::run, Clock.systemUTC());
            var unused = levels.set(NAME, "TRACE", Duration.ofMillis(50), "a test");

            synchronized (levels) {
                await("the timer").atMost(Duration.ofSeconds(20)).until(LogbackLevelsTest::someoneWaits);
                unused = levels.set(NAME, "DEBUG", Duration.ofHours(1), "a test");
            }
            await("the timer").atMost(Duration.ofSeconds(20)).until(() -> !someoneWaits());

            assertThat(levels.all()).anySatisfy(level -> {
                assertThat(level.logger()).isEqualTo(NAME);
                assertThat(level.untilMs()).isNotNull();
            });
            assertThat(logger.getLevel()).isEqualTo(Level.DEBUG);
        } finally {
            system.terminate();
            logger.setLevel(null);
        }
    }

    private static boolean someoneWaits() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getClassName().equals(LogbackLevels.class.getName())
                        && !frame.getMethodName().equals("set"));
    }
}
