package io.deltaforge.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The three ways to tune a pipeline that people know: none of them may lose or reorder anything, through kills either. */
class RecipesIT {
    private static final int KILLS = 2;
    private static final long SEED = 20;
    private static final int TRANSACTIONS = 1500;
    private static final Duration A_WHILE = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    enum Recipe {
        HIGH_THROUGHPUT("""
                        client_conf: {acks: "1", batch.size: "131072", linger.ms: "50", compression.type: "lz4"}
                  batch: {max_events: 5000, max_ms: 200, max_inflight: 8}
                """),
        LOW_LATENCY("""
                        client_conf: {acks: "1", batch.size: "16384", linger.ms: "0", compression.type: "none"}
                  batch: {max_events: 100, max_ms: 10, max_inflight: 2}
                """),
        MAX_DURABILITY("""
                        exactly_once: true
                        client_conf:
                          acks: "all"
                          enable.idempotence: "true"
                          max.in.flight.requests.per.connection: "5"
                          retries: "2147483647"
                  batch: {respect_source_tx: true, max_inflight: 1}
                """);

        private final String yaml;

        Recipe(String yaml) {
            this.yaml = yaml;
        }
    }

    @ParameterizedTest
    @EnumSource(Recipe.class)
    void losesAndReordersNothing(Recipe recipe) throws Exception {
        String name = recipe.name().toLowerCase(Locale.ROOT);
        String topic = name + ".accounts";
        Servers.database(name, Ledger.TABLE);
        Path pipeline = Servers.pipeline(directory, name, "public.accounts", recipe.yaml);
        Ledger ledger = new Ledger(SEED);

        try (Connection connection = Servers.POSTGRES.connect(name)) {
            for (int life = 0; life <= KILLS; life++) {
                try (DeltaForge run = DeltaForge.run(pipeline, directory)) {
                    await().atMost(A_WHILE).until(() -> run.health().contains("\"up\""));
                    for (int i = 0; i < TRANSACTIONS; i++) {
                        ledger.trade(connection);
                    }
                    await().atMost(A_WHILE).until(() -> run.metric("deltaforge_sink_events_total") > 0);
                    if (life == KILLS) {
                        await().atMost(A_WHILE)
                                .pollInterval(Duration.ofMillis(500))
                                .untilAsserted(() -> assertThat(ledger.violations(Servers.KAFKA.readAll(topic)))
                                        .isEmpty());
                    }
                    run.kill();
                }
            }
        }
        List<ConsumerRecord<byte[], byte[]>> records = Servers.KAFKA.readAll(topic);
        assertThat(records.size() - Ledger.replays(records)).isEqualTo(ledger.confirmedChanges());
        if (recipe == Recipe.MAX_DURABILITY) {
            assertThat(Ledger.replays(records)).isZero();
        }
    }
}
