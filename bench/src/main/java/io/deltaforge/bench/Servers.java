package io.deltaforge.bench;

import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaOptions;
import io.deltaforge.sandbox.PostgresOptions;
import io.deltaforge.sandbox.PostgresServer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The servers under test: a sandbox's, or existing ones that are left running. */
final class Servers implements AutoCloseable {
    final String dsn;
    final String jdbcUrl;
    final String brokers;
    private final PostgresServer postgres;
    private final @Nullable KafkaCluster kafka;

    private Servers(PostgresServer postgres, String brokers, @Nullable KafkaCluster kafka) {
        this.dsn = postgres.dsn();
        this.jdbcUrl = postgres.jdbcUrl();
        this.brokers = brokers;
        this.postgres = postgres;
        this.kafka = kafka;
    }

    static Servers of(@Nullable String dsn, @Nullable String brokers, int defaultPartitions) {
        PostgresServer postgres = dsn != null
                ? PostgresServer.at(dsn)
                : PostgresServer.start(PostgresOptions.defaults()
                        .withSettings(Map.of("max_wal_size", "16GB", "shared_buffers", "256MB")));
        if (brokers != null) {
            return new Servers(postgres, brokers, null);
        }
        KafkaCluster kafka = KafkaCluster.start(KafkaOptions.defaults().withDefaultPartitions(defaultPartitions));
        return new Servers(postgres, kafka.bootstrapServers(), kafka);
    }

    @Override
    public void close() {
        if (kafka != null) {
            kafka.close();
        }
        postgres.close();
    }
}
