package io.deltaforge.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltaforge.event.LogEntry;
import io.deltaforge.event.LogLevel;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogRoutingTest {
    private static final LevelTopics BY_LEVEL = LevelTopics.parse("true");

    private final LogEvents logs = new LogEvents();

    @ParameterizedTest
    @CsvSource({
        "FATAL, logs-high-priority",
        "CRITICAL, logs-high-priority",
        "ERROR, logs-high-priority",
        "WARN, logs",
        "INFO, logs",
        "DEBUG, logs-low-priority",
        "TRACE, logs-low-priority"
    })
    void theLevelChoosesTheTopic(LogLevel level, String topic) {
        LogRouting routing = new LogRouting(new Routing(true, null, BY_LEVEL));

        assertThat(routing.topic(logs.line("x", level, Map.of()), "logs")).isEqualTo(topic);
    }

    @Test
    void theLevelIsReadFromTheLineWhereTheSourceDoesNotTell() {
        LogRouting routing = new LogRouting(new Routing(true, null, BY_LEVEL));

        assertThat(routing.topic(logs.line("{\"level\":\"error\"}"), "logs")).isEqualTo("logs-high-priority");
        assertThat(routing.topic(logs.line("no level at all"), "logs")).isEqualTo("logs");
    }

    @Test
    void levelsGoWhereTheFileSays() {
        LevelTopics topics = new LevelTopics(null, null, "{topic}.alerts", "warnings", null, null, null);
        LogRouting routing = new LogRouting(new Routing(true, null, topics));

        assertThat(routing.topic(logs.line("x", LogLevel.ERROR, Map.of()), "a")).isEqualTo("a.alerts");
        assertThat(routing.topic(logs.line("x", LogLevel.ERROR, Map.of()), "b")).isEqualTo("b.alerts");
        assertThat(routing.topic(logs.line("x", LogLevel.WARN, Map.of()), "a")).isEqualTo("warnings");
        assertThat(routing.topic(logs.line("x", LogLevel.FATAL, Map.of()), "a")).isEqualTo("a");
    }

    @Test
    void aLabelMayNameATopicThatBeginsWithTheSinks() {
        LogRouting routing = new LogRouting(new Routing(true, null, LevelTopics.NONE));

        assertThat(routing.topic(named("logs-audit"), "logs")).isEqualTo("logs-audit");
        assertThat(routing.topic(named("payments"), "logs")).isEqualTo("logs");
        assertThat(routing.topic(named("logs/../x"), "logs")).isEqualTo("logs");
        assertThat(routing.refused()).isEqualTo(2);
    }

    @Test
    void aTopicThatOnlyHappensToBeginLikeTheSinksIsAnother() {
        LogRouting routing = new LogRouting(new Routing(true, null, LevelTopics.NONE));

        assertThat(routing.topic(named("login-events"), "log")).isEqualTo("log");
        assertThat(routing.topic(named("log"), "log")).isEqualTo("log");
        assertThat(routing.topic(named("log.audit"), "log")).isEqualTo("log.audit");
        assertThat(routing.topic(named("log_audit"), "log")).isEqualTo("log_audit");
        assertThat(routing.refused()).isEqualTo(1);
    }

    @Test
    void aLabelMayNameWhatThePatternPermitsAsAWhole() {
        LogRouting routing = new LogRouting(new Routing(true, "audit|team-.*", LevelTopics.NONE));

        assertThat(routing.topic(named("audit"), "logs")).isEqualTo("audit");
        assertThat(routing.topic(named("team-a"), "logs")).isEqualTo("team-a");
        assertThat(routing.topic(named("my-audit"), "logs")).isEqualTo("logs");
        assertThat(routing.topic(named("logs-x"), "logs")).isEqualTo("logs");
        assertThat(routing.topic(named("audit"), "logs")).isEqualTo("audit");
        assertThat(routing.refused()).isEqualTo(2);
    }

    @Test
    void theLabelCountsBeforeTheLevelAndARefusedOneDoesNot() {
        LogRouting routing = new LogRouting(new Routing(true, null, BY_LEVEL));

        assertThat(routing.topic(error("logs-audit"), "logs")).isEqualTo("logs-audit");
        assertThat(routing.topic(error("payments"), "logs")).isEqualTo("logs-high-priority");
    }

    @Test
    void labelsCanBeLeftOutOfIt() {
        LogRouting routing = new LogRouting(new Routing(false, null, LevelTopics.NONE));

        assertThat(routing.topic(named("logs-audit"), "logs")).isEqualTo("logs");
        assertThat(routing.refused()).isZero();
    }

    @Test
    void whatCannotBeATopicIsRefusedInTheFile() {
        assertThatThrownBy(() -> new Routing(true, "(", LevelTopics.NONE))
                .hasMessageContaining("allow must be a regular expression");
        assertThatThrownBy(() -> new LevelTopics("{topik}-x", null, null, null, null, null, null))
                .hasMessageContaining("fatal must be 1 to 249 of the characters")
                .hasMessageContaining("{topik}-x");
        assertThatThrownBy(() -> LevelTopics.parse("yes")).hasMessageContaining("expected true, false");
    }

    private LogEntry named(String topic) {
        return logs.line("x", null, Map.of("kafka_topic", topic));
    }

    private LogEntry error(String topic) {
        return logs.line("x", LogLevel.ERROR, Map.of("kafka_topic", topic));
    }
}
