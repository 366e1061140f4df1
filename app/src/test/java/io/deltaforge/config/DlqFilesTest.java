package io.deltaforge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.BuiltIns;
import io.deltaforge.sink.kafka.KafkaDlq;
import io.deltaforge.spi.JournalPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code spec.journal} and {@code spec.dlq}. */
class DlqFilesTest {
    private static final String PIPELINE = """
            apiVersion: deltaforge/v1
            kind: Pipeline
            metadata: {name: orders}
            spec:
              source:
                type: postgres
                config:
                  id: orders-db
                  dsn: postgres://shop:pa55word@localhost/shop
                  slot: orders
                  publication: orders
                  tables: [public.orders]
              sinks:
                - {type: kafka, config: {id: main, brokers: "localhost:9092", topic: orders}}
            """;
    private static final String SECOND = """
                - {type: kafka, config: {id: second, brokers: "localhost:9093", topic: orders}}
            """;

    @TempDir
    Path directory;

    private PipelineFiles.Loaded load(String more) throws IOException {
        Path file = Files.writeString(directory.resolve("pipeline.yaml"), PIPELINE + more);
        return new PipelineFiles(BuiltIns.shipped(), Map.of()).load(List.of(file));
    }

    private PipelineConfig loaded(String more) throws IOException {
        PipelineFiles.Loaded loaded = load(more);
        assertThat(loaded.problems()).isEmpty();
        return loaded.pipelines().getFirst();
    }

    private String problem(String more) throws IOException {
        PipelineFiles.Loaded loaded = load(more);
        assertThat(loaded.problems()).hasSize(1);
        return loaded.problems().getFirst().toString();
    }

    @Test
    void withoutABlockThereIsNoQueue() throws IOException {
        PipelineConfig pipeline = loaded("");

        assertThat(pipeline.journal().enabled()).isFalse();
        assertThat(pipeline.dlq()).isNull();
    }

    @Test
    void theJournal() throws IOException {
        PipelineConfig pipeline = loaded("""
              journal:
                enabled: true
                max_event_bytes: 65536
                secret_columns: [iban]
                dlq: {max_entries: 500, max_age_secs: 86400, overflow_policy: drop_oldest}
            """);

        assertThat(pipeline.journal())
                .isEqualTo(new JournalPolicy(
                        true,
                        65536,
                        List.of("iban"),
                        new JournalPolicy.Bounds(500, 86400, JournalPolicy.Overflow.DROP_OLDEST, null)));
    }

    @Test
    void aJournalThatIsOnlySwitchedOnLosesNothing() throws IOException {
        assertThat(loaded("  journal: {enabled: true}\n").journal().dlq())
                .isEqualTo(new JournalPolicy.Bounds(10_000, 0, JournalPolicy.Overflow.BLOCK, null));
    }

    @Test
    void aDeadLetterTopicOnTheClusterOfTheOnlySink() throws IOException {
        assertThat(loaded("  dlq: {type: kafka, topic: orders.dead}\n").dlq()).isInstanceOf(KafkaDlq.class);
    }

    @Test
    void aDeadLetterTopicOnAnotherCluster() throws IOException {
        assertThat(loaded("  dlq: {type: kafka, topic: dead, brokers: \"other:9092\", client_conf: {linger.ms: 1}}\n")
                        .dlq())
                .isInstanceOf(KafkaDlq.class);
    }

    @Test
    void severalSinksNeedAName() throws IOException {
        assertThat(problem(SECOND + "  dlq: {type: kafka, topic: dead}\n"))
                .contains("spec.dlq")
                .contains("one of main, second");
        assertThat(loaded(SECOND + "  dlq: {type: kafka, topic: dead, sink: second}\n")
                        .dlq())
                .isNotNull();
        assertThat(problem(SECOND + "  dlq: {type: kafka, topic: dead, sink: secnod}\n"))
                .contains(":16 ")
                .contains("spec.dlq.sink")
                .contains("it has main, second");
    }

    @Test
    void aTopicMayBeNamedInTheJournalToo() throws IOException {
        PipelineConfig pipeline = loaded("""
              journal:
                enabled: true
                max_event_bytes: 1000
                dlq: {type: kafka, topic: orders.dead}
            """);

        assertThat(pipeline.dlq()).isInstanceOf(KafkaDlq.class);
        assertThat(pipeline.dlq().maxEventBytes()).isEqualTo(1000);
        assertThat(pipeline.journal().enabled()).isFalse();
        assertThat(loaded("  journal: {enabled: false, dlq: {type: kafka, topic: dead}}\n")
                        .dlq())
                .isNull();
        assertThat(loaded("  journal: {enabled: true, dlq: {type: sqlite, max_entries: 5}}\n")
                        .journal()
                        .dlq()
                        .maxEntries())
                .isEqualTo(5);
        assertThat(problem("  journal:\n    enabled: true\n    dlq: {type: kafka, topc: dead}\n"))
                .contains(":17 ")
                .contains("did you mean topic?");
        assertThat(problem("  dlq: {type: kafka, topic: a}\n  journal: {dlq: {type: kafka}}\n"))
                .contains("spec.journal.dlq.type")
                .contains("unknown key");
    }

    @Test
    void mistakesAreNamedAtTheirPlace() throws IOException {
        assertThat(problem("  journal: {enabled: true, dlq: {max_entries: 0}}\n"))
                .contains("spec.journal.dlq.max_entries")
                .contains("at least 1");
        assertThat(problem("  journal: {enabled: true, dlq: {overflow_policy: drop}}\n"))
                .contains("block, reject, drop_oldest");
        assertThat(problem("  dlq: {type: kafak, topic: dead}\n")).contains("did you mean kafka?");
        assertThat(problem("  dlq: {type: kafka, topic: \"dead letters\"}\n")).contains("topic must be");
        assertThat(problem("  dlq: {type: kafka, topic: dead, client_conf: {acks: all}}\n"))
                .contains("client_conf belongs to brokers");
        assertThat(problem("  journal: {enabled: true}\n  dlq: {type: kafka, topic: dead}\n"))
                .contains("keep one of the two queues");
    }
}
