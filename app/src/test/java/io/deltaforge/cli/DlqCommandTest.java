package io.deltaforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deltaforge.engine.spool.EventBytes;
import io.deltaforge.event.Event;
import io.deltaforge.event.Message;
import io.deltaforge.event.Position;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Transaction;
import io.deltaforge.reliability.DeadLetterMonitor;
import io.deltaforge.reliability.Journal;
import io.deltaforge.reliability.JournalDeadLetters;
import io.deltaforge.reliability.Replay;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.JournalPolicy;
import io.deltaforge.spi.Rendered;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DlqCommandTest {
    private static final Instant NOON = Instant.parse("2026-02-01T12:00:00Z");

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private record Lsn(String text) implements Position {
        @Override
        public boolean covers(Position other) {
            return equals(other);
        }

        @Override
        public Position earliest(Position other) {
            return this;
        }
    }

    /** Three entries of the pipeline {@code orders}, as a run leaves them. */
    @BeforeEach
    void leaveThreeEntries() throws Failure {
        try (Journal journal = new Journal(directory.resolve("journal.db"))) {
            journal.started("orders", 4711, 0);
            JournalDeadLetters letters = letters(journal);
            add(
                    letters,
                    1,
                    "kafka",
                    "message_too_large",
                    "the record is too large.",
                    "{\"id\":1}",
                    "{\"note\":\"one\"}");
            add(letters, 2, "kafka", "no_topic", "topic \"${after.x}\" has a place without a value", "k2", "v2");
            add(
                    letters,
                    3,
                    "archive",
                    "message_too_large",
                    "too\nlarge\u001b[31m " + "x".repeat(100),
                    "k3",
                    "v".repeat(3000));
        }
    }

    private static JournalDeadLetters letters(Journal journal) {
        JournalPolicy policy = new JournalPolicy(
                true, 2000, List.of(), new JournalPolicy.Bounds(100, 0, JournalPolicy.Overflow.BLOCK, null));
        return new JournalDeadLetters(
                journal, "orders", policy, new EventBytes(Lsn::new), () -> NOON, DeadLetterMonitor.NONE);
    }

    private static void add(
            JournalDeadLetters letters, int number, String sink, String kind, String reason, String key, String value)
            throws Failure {
        Transaction transaction = new Transaction(
                new SourceInfo("postgresql", "db", "shop"), number, 0, number, 0, new Lsn("0/" + number));
        Event event = new Message(transaction, number, 0, true, "mail", value.getBytes(UTF_8));
        Rendered record = new Rendered(
                kind.equals("no_topic") ? null : "orders-topic",
                null,
                key.getBytes(UTF_8),
                value.getBytes(UTF_8),
                List.of(new Rendered.Header("content-type", "application/json".getBytes(UTF_8))));
        letters.add(
                sink,
                new Batch(new Event[] {event}, 1, 1, null),
                new Failure.Rejected(List.of(new Failure.RejectedEvent(0, kind, reason, record))));
    }

    private int dlq(String command, String... more) {
        String[] arguments = new String[more.length + 6];
        System.arraycopy(
                new String[] {"dlq", command, "--pipeline", "orders", "--data-dir", directory.toString()},
                0,
                arguments,
                0,
                6);
        System.arraycopy(more, 0, arguments, 6, more.length);
        return execute(arguments);
    }

    private int execute(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void listIsATable() {
        int exitCode = dlq("list");

        assertThat(out.toString().lines())
                .containsExactly(
                        "ID  LAST FAILED           SINK     KIND               TABLE  KEY       ATTEMPTS  STATE    REASON",
                        " 1  2026-02-01 12:00:00Z  kafka    message_too_large  -      {\"id\":1}  1         waiting  the record is too large.",
                        " 2  2026-02-01 12:00:00Z  kafka    no_topic           -      k2        1         waiting  topic \"${after.x}\" has a"
                                + " place without a value",
                        " 3  2026-02-01 12:00:00Z  archive  message_too_large  -      k3        1         waiting  too large�[31m "
                                + "x".repeat(44) + "…");
        assertThat(exitCode).isZero();
    }

    @Test
    void listIsNarrowed() {
        dlq("list", "--sink", "kafka", "--error-kind", "message_too_large");
        assertThat(out.toString())
                .contains("too large")
                .doesNotContain("no_topic")
                .doesNotContain("archive");

        dlq("list", "--limit", "1");
        assertThat(out.toString()).contains(" 1  ").contains("… and 2 more");

        dlq("list", "--sink", "kafak");
        assertThat(out.toString()).contains("no dead letter").contains("archive (1), kafka (2)");
    }

    @Test
    void listAsJson() throws Exception {
        dlq("list", "--format", "json");

        JsonNode list = new ObjectMapper().readTree(out.toString());
        assertThat(list).hasSize(3);
        assertThat(list.get(0).get("error_kind").asText()).isEqualTo("message_too_large");
        assertThat(list.get(0).get("key").asText()).isEqualTo("{\"id\":1}");
        assertThat(list.get(2).get("payload_truncated").asBoolean()).isTrue();
        assertThat(list.get(0).has("value")).isFalse();
    }

    @Test
    void showTellsEverything() {
        int exitCode = dlq("show", "1");

        assertThat(out.toString())
                .contains("dead letter 1")
                .contains("  error kind     message_too_large")
                .contains("  position       0/1")
                .contains("  event id       0/1:0")
                .contains("  destination    orders-topic")
                .contains("  header         content-type: application/json")
                .contains("payload_truncated: false")
                .contains("  value          {\"note\":\"one\"}")
                .doesNotContain("dead letter 2");
        assertThat(exitCode).isZero();
    }

    @Test
    void showAsJsonHasTheValue() throws Exception {
        dlq("show", "3", "--format", "json");

        JsonNode shown = new ObjectMapper().readTree(out.toString()).get(0);
        assertThat(shown.get("value").asText()).startsWith("vvv").hasSizeLessThan(2001);
        assertThat(shown.get("payload_truncation").asText()).contains("max_event_bytes (2000)");
        assertThat(shown.get("payload_bytes").asInt()).isEqualTo(3002);
    }

    @ParameterizedTest
    @ValueSource(strings = {"show", "replay", "ack"})
    void anIdThatIsNotThereIsNamed(String command) {
        int exitCode = dlq(command, "1", "99");

        assertThat(err.toString()).contains("has no dead letter 99");
        assertThat(exitCode).isEqualTo(2);
        dlq("list");
        assertThat(out.toString()).contains(" 1  ");
    }

    @Test
    void ackRemovesWhatIsNamed() {
        assertThat(dlq("ack", "1", "3")).isZero();

        assertThat(out).hasToString("2 acknowledged and removed\n");
        dlq("list");
        assertThat(out.toString()).contains("no_topic").doesNotContain("archive");
    }

    @Test
    void ackOfNothingInParticularIsRefused() {
        assertThat(dlq("ack")).isEqualTo(2);

        assertThat(err.toString()).contains("--sink").contains("purge");
    }

    @Test
    void purgeAsksFirst() {
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream("n\n".getBytes(UTF_8)));
            assertThat(dlq("purge")).isEqualTo(1);
            assertThat(out.toString()).startsWith("Remove 3 dead letters of pipeline orders for good");
            assertThat(err.toString()).contains("nothing was removed");

            System.setIn(new ByteArrayInputStream(new byte[0]));
            assertThat(dlq("purge", "--sink", "archive")).isEqualTo(1);

            System.setIn(new ByteArrayInputStream("yes\n".getBytes(UTF_8)));
            assertThat(dlq("purge", "--sink", "archive")).isZero();
            assertThat(out.toString()).endsWith("1 removed\n");
        } finally {
            System.setIn(before);
        }
        dlq("list");
        assertThat(out.toString()).contains("kafka").doesNotContain("archive");
    }

    @Test
    void purgeWithYesDoesNotAsk() {
        assertThat(dlq("purge", "--yes")).isZero();

        assertThat(out).hasToString("3 removed\n");
        dlq("list");
        assertThat(out).hasToString("pipeline orders has no dead letters\n");
    }

    @Test
    void replayWaitsForThePipelineToRun() throws Exception {
        assertThat(dlq("replay", "1", "2")).isZero();

        assertThat(out).hasToString("pipeline orders does not run; 2 entries will be sent when it does\n");
        dlq("list");
        assertThat(out.toString()).contains("to be sent again  the record is too large.");
        try (Journal journal = new Journal(directory.resolve("journal.db"))) {
            assertThat(letters(journal).wanted("kafka", 10)).hasSize(2).allMatch(Replay.OfEvent.class::isInstance);
        }
    }

    @Test
    void replayOfAnEditedValue() throws Exception {
        Path mended = Files.writeString(directory.resolve("mended.json"), "{\"note\":\"mended\"}");

        assertThat(dlq("replay", "3", "--file", mended.toString())).isZero();

        try (Journal journal = new Journal(directory.resolve("journal.db"))) {
            assertThat(letters(journal).wanted("archive", 10))
                    .singleElement()
                    .isInstanceOfSatisfying(Replay.OfHandMade.class, replay -> {
                        assertThat(replay.letter().record().value())
                                .asString(UTF_8)
                                .isEqualTo("{\"note\":\"mended\"}");
                        assertThat(replay.letter().record().key())
                                .asString(UTF_8)
                                .isEqualTo("k3");
                        assertThat(replay.letter().record().destination()).isEqualTo("orders-topic");
                    });
        }
    }

    @Test
    void whatIsNotWholeCannotBeSentAsItWas() {
        assertThat(dlq("replay")).isEqualTo(1);

        assertThat(err.toString())
                .contains("3: cannot be sent as it was")
                .contains("max_event_bytes")
                .contains("--file");
        assertThat(out.toString()).contains("2 entries will be sent");
    }

    @Test
    void anEntryWithoutATopicNeedsOne() throws Exception {
        Path mended = Files.writeString(directory.resolve("mended.json"), "{}");

        assertThat(dlq("replay", "2", "--file", mended.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("--destination");

        assertThat(dlq("replay", "2", "--file", mended.toString(), "--topic", "orders-mended"))
                .isZero();
    }

    @Test
    void mistakesInReplaySaySo() {
        assertThat(dlq("replay", "--file", "x")).isEqualTo(2);
        assertThat(err.toString()).contains("name its id");

        assertThat(dlq("replay", "1", "--topic", "t")).isEqualTo(2);
        assertThat(err.toString()).contains("--destination goes with --file");

        assertThat(dlq("replay", "1", "--file", directory.resolve("no-such").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("no such file").contains("no-such");
    }

    @Test
    void replayTellsTheOutcomes() throws Exception {
        try (Journal journal = new Journal(directory.resolve("journal.db"))) {
            // as if this process ran the pipeline
            journal.started("orders", ProcessHandle.current().pid(), 0);
            Files.writeString(
                    directory.resolve("lock"),
                    Long.toString(ProcessHandle.current().pid()));
            JournalDeadLetters letters = letters(journal);
            Thread pipeline = Thread.ofPlatform().start(() -> {
                try {
                    List<Replay> wanted = List.of();
                    while (wanted.isEmpty()) {
                        Thread.onSpinWait();
                        wanted = letters.wanted("kafka", 10);
                    }
                    letters.delivered("kafka", wanted.get(0));
                    letters.refused(
                            "kafka", wanted.get(1), new Failure.RejectedEvent(0, "no_topic", "still no topic."));
                } catch (Failure e) {
                    throw new AssertionError(e);
                }
            });

            int exitCode = dlq("replay", "1", "2");

            pipeline.join();
            assertThat(out.toString().lines())
                    .containsExactlyInAnyOrder("1: delivered and removed", "2: failed again: still no topic.");
            assertThat(exitCode).isEqualTo(1);
        }
    }

    @Test
    void replayThatNobodyAnswersEndsItsWaiting() throws Exception {
        try (Journal journal = new Journal(directory.resolve("journal.db"))) {
            journal.started("orders", ProcessHandle.current().pid(), 0);
        }
        Files.writeString(
                directory.resolve("lock"), Long.toString(ProcessHandle.current().pid()));

        assertThat(dlq("replay", "1", "--wait", "300ms")).isEqualTo(1);
        assertThat(out.toString()).contains("1 entry waits still");
    }

    @Test
    void anUnknownPipelineIsComparedWithTheKnown() {
        int exitCode = execute("dlq", "list", "--pipeline", "ordres", "--data-dir", directory.toString());

        assertThat(err.toString()).contains("no pipeline \"ordres\"").contains("did you mean orders?");
        assertThat(exitCode).isEqualTo(2);
    }

    @Test
    void aDirectoryWithoutAQueueSaysWhichToName() {
        execute(
                "dlq",
                "list",
                "--pipeline",
                "orders",
                "--data-dir",
                directory.resolve("none").toString());
        assertThat(err.toString()).contains("there is no data directory").contains("--data-dir");

        Path empty = directory.resolve("empty");
        assertThat(empty.toFile().mkdir()).isTrue();
        int exitCode = execute("dlq", "list", "--pipeline", "orders", "--data-dir", empty.toString());
        assertThat(err.toString()).contains("spec.journal.enabled: true");
        assertThat(exitCode).isEqualTo(2);
        assertThat(empty).isEmptyDirectory();
    }

    @Test
    void withoutASubcommandTheyAreListed() {
        assertThat(execute("dlq")).isEqualTo(2);

        assertThat(out.toString()).contains("list").contains("replay").contains("purge");
    }

    @Test
    void thePipelineMustBeNamed() {
        assertThat(execute("dlq", "list")).isEqualTo(2);

        assertThat(err.toString()).contains("--pipeline");
    }
}
