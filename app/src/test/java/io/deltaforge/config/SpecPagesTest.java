package io.deltaforge.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.deltaforge.BuiltIns;
import io.deltaforge.spi.BatchPolicy;
import io.deltaforge.spi.CommitPolicy;
import io.deltaforge.spi.Sink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every config block of the pages kafka-sink.md and kafka-production.md loads as it stands there. */
class SpecPagesTest {
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "POSTGRES_DSN", "postgres://user:password@localhost:5432/orders",
            "KAFKA_BROKERS", "kafka1:9093,kafka2:9093,kafka3:9093",
            "KAFKA_USERNAME", "deltaforge",
            "KAFKA_PASSWORD", "secret",
            "SSL_KEY_PASSWORD", "secret",
            "CONFLUENT_API_KEY", "key",
            "CONFLUENT_API_SECRET", "secret");

    private static final String HEAD = """
            apiVersion: deltaforge/v1
            kind: Pipeline
            metadata:
              name: orders
            spec:
              source:
                type: postgres
                config:
                  id: orders-postgres
                  dsn: ${POSTGRES_DSN}
                  slot: deltaforge_orders
                  publication: orders_pub
                  tables: [public.orders]
            """;

    private static final String SINK = """
              sinks:
                - type: kafka
                  config:
                    id: orders-kafka
                    brokers: ${KAFKA_BROKERS}
                    topic: orders
            """;

    @TempDir
    Path directory;

    @Test
    void thePipelineOfTheProductionPage() throws IOException {
        PipelineConfig pipeline = loaded(page("pipeline"));

        assertThat(pipeline.name()).isEqualTo("orders-to-kafka-prod");
        assertThat(pipeline.tenant()).isEqualTo("acme");
        assertThat(pipeline.source().info().id()).isEqualTo("orders-postgres");
        assertThat(pipeline.sinks()).extracting(Sink::id).containsExactly("orders-kafka");
        assertThat(pipeline.batch()).isEqualTo(new BatchPolicy(1000, 1048576, 100, true, 4));
        assertThat(pipeline.commitPolicy().mode()).isEqualTo(CommitPolicy.Mode.REQUIRED);
    }

    @Test
    void theSinkOfTheSinkPage() throws IOException {
        PipelineConfig pipeline = loaded(HEAD + page("sinks").indent(2));

        assertThat(pipeline.sinks()).extracting(Sink::id, Sink::required).containsExactly(tuple("orders-kafka", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sasl-scram", "mtls", "msk-iam", "confluent-cloud"})
    void theSecurityConfigurations(String fragment) throws IOException {
        PipelineConfig pipeline = loaded(HEAD + SINK + page(fragment).indent(8));

        assertThat(pipeline.sinks()).extracting(Sink::id).containsExactly("orders-kafka");
    }

    @Test
    void theTuningRecipes() throws IOException {
        assertThat(recipe("high-throughput")).isEqualTo(new BatchPolicy(5000, 1048576, 200, true, 8));
        assertThat(recipe("low-latency")).isEqualTo(new BatchPolicy(100, 1048576, 10, true, 2));
        assertThat(recipe("maximum-durability")).isEqualTo(new BatchPolicy(2000, 1048576, 100, true, 1));
    }

    /** {@code batch} of a recipe belongs into {@code spec}, the rest into the sink's {@code config}. */
    private BatchPolicy recipe(String name) throws IOException {
        String recipe = page(name);
        int batch = recipe.indexOf("batch:\n");
        String sinkPart = recipe.substring(0, batch);
        return loaded(HEAD + SINK + sinkPart.indent(8) + recipe.substring(batch).indent(2))
                .batch();
    }

    private PipelineConfig loaded(String yaml) throws IOException {
        Path file = Files.writeString(directory.resolve("pipeline.yaml"), yaml);
        PipelineFiles.Loaded loaded = new PipelineFiles(BuiltIns.shipped(), ENVIRONMENT).load(List.of(file));
        assertThat(loaded.problems()).isEmpty();
        return loaded.pipelines().getFirst();
    }

    private static String page(String name) throws IOException {
        try (InputStream in = SpecPagesTest.class.getResourceAsStream("/spec/" + name + ".yaml")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
        }
    }
}
