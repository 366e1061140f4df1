package io.deltaforge.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that Kafka does not take, from their refusal to their mending. */
class DeadLetterIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final String TABLE = "CREATE TABLE notes (id int PRIMARY KEY, topic text, body text)";
    /** Some 64 kB that hardly compress. */
    private static final String LARGE = "(SELECT string_agg(md5(n::text), '') FROM generate_series(1, 2000) n)";

    private static final String JOURNAL = "  journal: {enabled: true}\n";

    @TempDir
    Path directory;

    /** A database with a table, a topic for it that takes 20 kB, and the pipeline's file. */
    private Path prepared(String name, String more) throws Exception {
        Servers.database(name, TABLE);
        Servers.KAFKA.createTopic(name + ".notes", 1, Map.of("max.message.bytes", "20000"));
        return Servers.pipeline(directory, name, "public.notes", more);
    }

    private static void execute(String database, String... statements) throws Exception {
        Servers.POSTGRES.executeIn(database, statements);
    }

    private static String insert(int id, String body) {
        return "INSERT INTO notes (id, body) VALUES (" + id + ", " + body + ")";
    }

    private static void awaitUp(DeltaForge deltaForge) {
        await().atMost(WITHIN).until(() -> deltaForge.health().contains("\"up\""));
    }

    private static void awaitEntries(DeltaForge deltaForge, int entries) {
        await("entries").atMost(WITHIN).until(() -> deltaForge.metric("deltaforge_dlq_entries") == entries);
    }

    private static List<String> keys(String topic) {
        return Servers.KAFKA.readAll(topic).stream()
                .map(record -> new String(record.key(), UTF_8))
                .toList();
    }

    private static void awaitKeys(String topic, String... keys) {
        await(topic).atMost(WITHIN).untilAsserted(() -> assertThat(keys(topic)).containsExactly(keys));
    }

    private String dlq(int exitCode, String command, String pipeline, String... more) throws Exception {
        String[] arguments = new String[more.length + 4];
        System.arraycopy(new String[] {"dlq", command, "--pipeline", pipeline}, 0, arguments, 0, 4);
        System.arraycopy(more, 0, arguments, 4, more.length);
        DeltaForge.Printed printed = DeltaForge.command(directory, arguments);
        assertThat(printed.exitCode()).as(printed.output()).isEqualTo(exitCode);
        return printed.output();
    }

    private JsonNode entries(String pipeline) throws Exception {
        return new ObjectMapper().readTree(dlq(0, "list", pipeline, "--format", "json"));
    }

    @Test
    void anEventThatIsTooLargeIsKeptAndMendedWhileThePipelineGoesOn() throws Exception {
        Path pipeline = prepared("mended", JOURNAL);
        try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory)) {
            awaitUp(deltaForge);
            execute("mended", insert(1, "'small'"), insert(2, LARGE), insert(3, "'small too'"), insert(4, LARGE));
            awaitKeys("mended.notes", "{\"id\":1}", "{\"id\":3}");
            awaitEntries(deltaForge, 2);
            assertThat(deltaForge.health()).contains("\"up\"");

            JsonNode entry = entries("mended").get(0);
            assertThat(entry.get("error_kind").asText()).isEqualTo("message_too_large");
            assertThat(entry.get("table").asText()).isEqualTo("public.notes");
            assertThat(entry.get("key").asText()).isEqualTo("{\"id\":2}");
            assertThat(entry.get("destination").asText()).isEqualTo("mended.notes");
            assertThat(entry.get("attempts").asInt()).isEqualTo(1);
            assertThat(dlq(0, "list", "mended")).contains("message_too_large", "{\"id\":2}", "public.notes");
            assertThat(dlq(0, "show", "mended", "1")).contains("c4ca4238a0b923820dcc509a6f75849b", "event id");

            assertThat(dlq(1, "replay", "mended", "1")).contains("1: failed again: ", "max.message.bytes");
            assertThat(entries("mended").get(0).get("attempts").asInt()).isEqualTo(2);

            Path mended = Files.writeString(directory.resolve("mended.json"), "{\"mended\":true}");
            assertThat(dlq(0, "replay", "mended", "1", "--file", mended.toString()))
                    .contains("1: delivered and removed");
            ConsumerRecord<byte[], byte[]> record =
                    Servers.KAFKA.readAll("mended.notes").getLast();
            assertThat(record.key()).asString(UTF_8).isEqualTo("{\"id\":2}");
            assertThat(record.value()).asString(UTF_8).isEqualTo("{\"mended\":true}");
            assertThat(record.headers().lastHeader("event-id")).isNotNull();

            raiseLimit("mended.notes");
            assertThat(dlq(0, "replay", "mended")).contains("2: delivered and removed");
            assertThat(Servers.KAFKA.readAll("mended.notes").getLast().value())
                    .asString(UTF_8)
                    .contains("c4ca4238a0b923820dcc509a6f75849b")
                    .contains("\"op\":\"c\"");
            assertThat(dlq(0, "list", "mended")).contains("has no dead letters");
            awaitEntries(deltaForge, 0);
            assertThat(deltaForge.metric("deltaforge_dlq_events_total")).isEqualTo(2);
            assertThat(deltaForge.metric(
                            "deltaforge_dlq_replayed_total{outcome=\"delivered\",pipeline=\"mended\",sink=\"kafka\"}"))
                    .isEqualTo(2);
            deltaForge.terminate();
            assertThat(deltaForge.awaitExit()).isZero();
        }
    }

    @Test
    void anExactlyOncePipelineKeepsAndMendsThemToo() throws Exception {
        Path pipeline = prepared("exact", "        exactly_once: true\n" + JOURNAL);
        try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory)) {
            awaitUp(deltaForge);
            execute("exact", insert(1, "'small'"), insert(2, LARGE), insert(3, "'small too'"));
            awaitKeys("exact.notes", "{\"id\":1}", "{\"id\":3}");
            awaitEntries(deltaForge, 1);

            assertThat(dlq(1, "replay", "exact", "1")).contains("1: failed again: ");
            execute("exact", insert(4, "'later'"));
            awaitKeys("exact.notes", "{\"id\":1}", "{\"id\":3}", "{\"id\":4}");
            Path mended = Files.writeString(directory.resolve("mended.json"), "{\"mended\":true}");
            assertThat(dlq(0, "replay", "exact", "1", "--file", mended.toString()))
                    .contains("1: delivered and removed");
            awaitKeys("exact.notes", "{\"id\":1}", "{\"id\":3}", "{\"id\":4}", "{\"id\":2}");
            deltaForge.terminate();
            assertThat(deltaForge.awaitExit()).isZero();
        }
    }

    private static void raiseLimit(String topic) throws Exception {
        try (Admin admin = Servers.KAFKA.admin()) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, topic),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("max.message.bytes", "1000000"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    @Test
    void withoutAQueueThePipelineStopsBeforeTheEventAndSaysSo() throws Exception {
        Path pipeline = prepared("unmended", "");
        try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory)) {
            awaitUp(deltaForge);
            execute("unmended", insert(1, "'small'"), insert(2, LARGE));

            assertThat(deltaForge.awaitExit()).isEqualTo(1);

            assertThat(deltaForge.log())
                    .contains("sink kafka cannot deliver 1 undeliverable")
                    .contains("Nothing was skipped")
                    .contains("spec.journal.enabled: true");
        }
        assertThat(keys("unmended.notes")).containsExactly("{\"id\":1}");
        // and with one it goes on where it stopped
        Path withQueue = Files.writeString(pipeline, JOURNAL, StandardOpenOption.APPEND);
        try (DeltaForge deltaForge = DeltaForge.run(withQueue, directory)) {
            awaitEntries(deltaForge, 1);
        }
    }

    @Test
    void topicsThatAreNoneAreKeptByTheirKind() throws Exception {
        Servers.database("routed", TABLE);
        Servers.KAFKA.createTopic("routed-here", 1, Map.of());
        Path pipeline = Servers.pipeline(directory, "routed", "public.notes", JOURNAL);
        Files.writeString(pipeline, Files.readString(pipeline).replace("routed.${source.table}", "${after.topic}"));
        try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory)) {
            awaitUp(deltaForge);
            execute(
                    "routed",
                    "INSERT INTO notes VALUES (1, NULL, 'nowhere'), (2, 'no such name!', 'x'), (3, 'routed-here', 'y')");
            awaitKeys("routed-here", "{\"id\":3}");
            awaitEntries(deltaForge, 2);

            JsonNode entries = entries("routed");
            assertThat(entries.findValuesAsText("error_kind")).containsExactly("no_topic", "invalid_topic");
            assertThat(entries.get(1).get("destination").asText()).isEqualTo("no such name!");
            Path value = Files.writeString(directory.resolve("value"), "by hand");
            assertThat(dlq(0, "replay", "routed", "1", "--file", value.toString(), "--topic", "routed-here"))
                    .contains("1: delivered");
            awaitKeys("routed-here", "{\"id\":3}", "{\"id\":1}");
            assertThat(dlq(0, "ack", "routed", "2")).contains("1 acknowledged");
        }
    }

    /** The checkpoint cannot move before the end of a transaction, so the kill falls between the entry and the checkpoint. */
    @Test
    void aKillBetweenTheEntryAndTheCheckpointLeavesOneEntry() throws Exception {
        Path pipeline = prepared("killed_dlq", JOURNAL);
        try (DeltaForge victim = DeltaForge.run(pipeline, directory)) {
            awaitUp(victim);
            execute(
                    "killed_dlq",
                    "INSERT INTO notes SELECT n, NULL, CASE n WHEN 1 THEN " + LARGE
                            + " ELSE 'note' END FROM generate_series(1, 300000) n");
            await().atMost(WITHIN)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> victim.metric("deltaforge_dlq_entries") == 1);
            victim.kill();
        }
        try (DeltaForge next = DeltaForge.run(pipeline, directory)) {
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> next.metric("deltaforge_sink_events_total") >= 299_999
                            && next.metric("deltaforge_checkpoint_lag_events") == 0);

            JsonNode entries = entries("killed_dlq");
            assertThat(entries).hasSize(1);
            assertThat(entries.get(0).get("key").asText()).isEqualTo("{\"id\":1}");
            assertThat(entries.get(0).get("attempts").asInt())
                    .as("the kill came before the checkpoint")
                    .isEqualTo(2);
        }
    }

    @Test
    void aFullQueueHoldsThePipelineUntilThereIsRoom() throws Exception {
        Path pipeline = prepared("full", "  journal: {enabled: true, dlq: {max_entries: 1}}\n");
        try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory)) {
            awaitUp(deltaForge);
            execute("full", insert(1, LARGE));
            // both in one batch would be more than the queue can ever hold at once
            await().atMost(WITHIN).until(() -> deltaForge.metric("deltaforge_dlq_entries") == 1);
            execute("full", insert(2, LARGE), insert(3, "'small'"));
            await().atMost(WITHIN).until(() -> deltaForge.api("/pipelines/full").contains("max_entries is 1"));
            assertThat(deltaForge.health()).contains("retrying");

            assertThat(dlq(0, "purge", "full", "--yes")).contains("1 removed");

            awaitKeys("full.notes", "{\"id\":3}");
            assertThat(entries("full").findValuesAsText("key")).containsExactly("{\"id\":2}");
            awaitUp(deltaForge);
        }
    }

    @Test
    void aDeadLetterTopic() throws Exception {
        Path pipeline = prepared("topical", "  dlq: {type: kafka, topic: topical.dead}\n");
        Servers.KAFKA.createTopic("topical.dead", 1, Map.of());
        try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory)) {
            awaitUp(deltaForge);
            execute("topical", insert(1, LARGE), insert(2, "'small'"));
            awaitKeys("topical.notes", "{\"id\":2}");

            ConsumerRecord<byte[], byte[]> dead =
                    Servers.KAFKA.readAll("topical.dead").getFirst();
            assertThat(dead.key()).asString(UTF_8).isEqualTo("{\"id\":1}");
            assertThat(dead.value()).asString(UTF_8).contains("c4ca4238a0b923820dcc509a6f75849b");
            Map<String, String> headers = new HashMap<>();
            dead.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
            assertThat(headers)
                    .containsEntry("__connect.errors.topic", "topical.notes")
                    .containsEntry("deltaforge.errors.kind", "message_too_large")
                    .containsEntry("deltaforge.errors.table", "public.notes");
            assertThat(deltaForge.metric("deltaforge_dlq_events_total")).isEqualTo(1);
        }
    }
}
