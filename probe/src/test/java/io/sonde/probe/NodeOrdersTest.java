package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class NodeOrdersTest {
    private static final NodeOrders.Given FIRST = given("\"1\"", "http://first.test/");
    private static final NodeOrders.Given SECOND = given("\"2\"", "http://second.test/");
    private static final NodeOrders.NoWord AWAY = new NodeOrders.NoWord("away");

    @TempDir
    Path home;

    private final List<Optional<String>> asked = new ArrayList<>();
    private final List<String> followed = new ArrayList<>();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private NodeOrders.Answer answer = AWAY;

    @BeforeEach
    void listen() {
        logged.start();
        log().setLevel(Level.INFO);
        log().addAppender(logged);
    }

    @AfterEach
    void stop() {
        log().detachAppender(logged);
    }

    @Test
    void whatTheNodeSaysIsFollowedFromTheStart() throws Exception {
        answer = FIRST;

        try (NodeOrders orders = orders("c")) {
            assertThat(names(orders.first())).isEqualTo("http://first.test/");
            assertThat(orders.first().reach()).isEqualTo(Reach.PUBLIC);
        }
    }

    @Test
    void aChangeIsToldOnceAndSaidWithWhatIsOther() throws Exception {
        answer = FIRST;
        try (NodeOrders orders = begun(orders("c"))) {
            answer = new NodeOrders.Unchanged();
            orders.look();
            answer = SECOND;
            orders.look();
            answer = new NodeOrders.Unchanged();
            orders.look();
        }

        assertThat(followed).containsExactly("http://second.test/");
        assertThat(asked)
                .containsExactly(Optional.empty(), Optional.of("\"1\""), Optional.of("\"1\""), Optional.of("\"2\""));
        assertThat(messages()).anySatisfy(line -> assertThat(line)
                .contains("\"2\"", "new: http://second.test/", "no more: http://first.test/"));
    }

    @Test
    void withoutANodeTheLastGoodWordHoldsAlsoAfterARestart() throws Exception {
        answer = FIRST;
        begun(orders("c")).close();
        answer = AWAY;

        try (NodeOrders again = orders("c")) {
            assertThat(names(again.first())).isEqualTo("http://first.test/");
            again.look();
        }

        assertThat(asked).endsWith(Optional.of("\"1\""));
        assertThat(messages()).filteredOn(line -> line.contains("away")).hasSize(1);
        assertThat(Files.getPosixFilePermissions(home.resolve("config-from-node.json")))
                .hasSize(2);
    }

    @Test
    void withoutAnyWordTheProbesOwnSettingsHold() throws Exception {
        try (NodeOrders orders = orders("c")) {
            assertThat(names(orders.first())).isEqualTo("http://own.test/");
        }
    }

    @Test
    void whatIsKeptForAnotherClientOrDamagedIsNotFollowed() throws Exception {
        answer = FIRST;
        begun(orders("c")).close();
        answer = AWAY;

        assertThat(names(orders("d").first())).isEqualTo("http://own.test/");
        Files.writeString(home.resolve("config-from-node.json"), "{\"client_id\":\"c\",");
        assertThat(names(orders("c").first())).isEqualTo("http://own.test/");
    }

    @Test
    void aNodeThatHasNothingForTheProbeLeavesItToItsOwnSettingsForGood() throws Exception {
        answer = FIRST;
        NodeOrders orders = begun(orders("c"));

        answer = new NodeOrders.Nothing();
        orders.look();
        orders.look();
        answer = AWAY;

        assertThat(followed).containsExactly("http://own.test/");
        assertThat(asked).endsWith(Optional.of("\"1\""), Optional.empty());
        assertThat(names(orders("c").first())).isEqualTo("http://own.test/");
    }

    @Test
    void whatCannotBeFollowedChangesNothingIsNotKeptAndIsSaidOnce() throws Exception {
        answer = FIRST;
        try (NodeOrders orders = begun(orders("c"))) {
            answer = new NodeOrders.Given("\"9\"", "<html>Please sign in</html>");
            orders.look();
            orders.look();
        }
        answer = AWAY;

        assertThat(followed).isEmpty();
        assertThat(asked).endsWith(Optional.of("\"1\""), Optional.of("\"1\""));
        assertThat(messages()).filteredOn(line -> line.contains("\"9\"")).hasSize(1);
        assertThat(names(orders("c").first())).isEqualTo("http://first.test/");
    }

    private NodeOrders begun(NodeOrders orders) {
        orders.first();
        orders.follow(plan -> followed.add(names(plan)));
        return orders;
    }

    private NodeOrders orders(String client) throws WrongSettings {
        List<String> problems = new ArrayList<>();
        Map<String, Object> flags = Map.of(
                "targets", List.of("http://own.test/"), "token", "t", "config-from-node", "true", "config-poll", "1h");
        AgentSettings settings = AgentSettings.read(SettingsSources.merge(flags, Map.of(), null, problems), problems);
        return new NodeOrders(
                held -> {
                    asked.add(held);
                    return answer;
                },
                KeptOrders.in(home, client),
                settings.orders().orElseThrow(),
                settings.plan());
    }

    private List<String> messages() {
        return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static String names(Plan plan) {
        return String.join(
                " ", plan.targets().stream().map(target -> target.url().text()).toList());
    }

    private static NodeOrders.Given given(String etag, String target) {
        return new NodeOrders.Given(etag, "{\"targets\":[\"" + target + "\"]}");
    }

    private static Logger log() {
        return (Logger) LoggerFactory.getLogger(NodeOrders.class);
    }
}
