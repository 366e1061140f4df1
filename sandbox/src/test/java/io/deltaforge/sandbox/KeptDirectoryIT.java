package io.deltaforge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptDirectoryIT {
    @TempDir
    Path directory;

    @Test
    void kafkaGoesOnWithItsDataOnItsPort() {
        KafkaOptions options = KafkaOptions.defaults().withDirectory(directory);
        String address;
        try (KafkaCluster first = KafkaCluster.start(options)) {
            address = first.bootstrapServers();
            first.createTopic("kept", 1, Map.of());
        }

        try (KafkaCluster second = KafkaCluster.start(options)) {
            assertThat(second.bootstrapServers()).isEqualTo(address);
            assertThat(second.readAll("kept")).isEmpty();
        }
        assertThat(directory.resolve("broker-1/broker-1.log")).exists();
    }

    @Test
    void theFirstBrokerToEndLeavesAnArchiveOfItsClasses() {
        KafkaCluster.start().close();

        BrokerClasses classes = BrokerClasses.find(Cache.ofUser());

        assertThat(classes.isMissing()).isFalse();
        assertThat(classes.options(directory, true).getFirst()).startsWith("-XX:SharedArchiveFile=");
        assertThat(classes.path().split(File.pathSeparator)).allMatch(entry -> entry.endsWith(".jar"));
    }

    @Test
    void postgresGoesOnWithItsDataOnItsPort() throws SQLException {
        PostgresOptions options = PostgresOptions.defaults().withDirectory(directory);
        int port;
        try (PostgresServer first = PostgresServer.start(options)) {
            port = first.port();
            first.execute("CREATE TABLE kept (id int)");
        }

        try (PostgresServer second = PostgresServer.start(options)) {
            assertThat(second.port()).isEqualTo(port);
            assertThat(second.query("SELECT count(*) FROM kept", row -> row.getInt(1)))
                    .containsExactly(0);
        }
        assertThat(directory.resolve("postgres.log")).exists();
    }

    @Test
    void aFailedStartSaysWhatTheServerSaid() {
        assertThatThrownBy(() -> KafkaCluster.start(KafkaOptions.defaults()
                        .withDirectory(directory)
                        .withServerProperties(Map.of("log.cleaner.threads", "many"))))
                .hasMessageContaining("log.cleaner.threads");
        assertThatThrownBy(() -> PostgresServer.start(
                        PostgresOptions.defaults().withSettings(Map.of("max_connections", "none"))))
                .hasMessageContaining("max_connections");
    }
}
