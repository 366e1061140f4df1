package io.deltaforge.e2e;

import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaOptions;
import io.deltaforge.sandbox.PostgresOptions;
import io.deltaforge.sandbox.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;

/** One PostgreSQL and one Kafka for the whole module; each test has a database and topics of its own. */
final class Servers {
    /** Short, so that a connection that is not kept alive is dropped while a test still watches. */
    static final PostgresServer POSTGRES = PostgresServer.start(PostgresOptions.defaults()
            .withSettings(Map.of("wal_sender_timeout", "5s", "max_replication_slots", "200", "max_wal_senders", "50")));

    static final KafkaCluster KAFKA = KafkaCluster.start(KafkaOptions.defaults().withDefaultPartitions(4));

    private Servers() {}

    /** An empty database of this name. */
    static void database(String name, String... statements) throws SQLException {
        POSTGRES.createDatabase(name);
        POSTGRES.executeIn(name, statements);
    }

    /** A pipeline from the tables of a database to the topic {@code <name>.<table>}. */
    static Path pipeline(Path directory, String name, String tables, String more) {
        return pipeline(directory, name, POSTGRES.dsn(name), KAFKA.bootstrapServers(), tables, more);
    }

    static Path pipeline(Path directory, String name, String dsn, String brokers, String tables, String more) {
        String yaml = """
                apiVersion: deltaforge/v1
                kind: Pipeline
                metadata:
                  name: %1$s
                spec:
                  source:
                    type: postgres
                    config:
                      id: %1$s-source
                      dsn: %2$s
                      slot: %1$s
                      publication: %1$s_pub
                      tables: [%4$s]
                  sinks:
                    - type: kafka
                      config:
                        id: kafka
                        brokers: %3$s
                        topic: %1$s.${source.table}
                %5$s
                """.formatted(name, dsn, brokers, tables, more);
        try {
            return Files.writeString(directory.resolve(name + ".yaml"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
