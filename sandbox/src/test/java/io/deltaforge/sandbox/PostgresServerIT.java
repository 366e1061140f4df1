package io.deltaforge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresServerIT {
    private static PostgresServer postgres;

    @BeforeAll
    static void start() {
        postgres = PostgresServer.start(PostgresOptions.defaults().withSettings(Map.of("wal_sender_timeout", "5s")));
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @Test
    void itIsReadyForLogicalReplication() throws SQLException {
        assertThat(setting("wal_level")).isEqualTo("logical");
        assertThat(setting("fsync")).isEqualTo("on");
        postgres.execute("SELECT pg_create_logical_replication_slot('ready', 'pgoutput')");
        assertThat(postgres.query("SELECT slot_name FROM pg_replication_slots", row -> row.getString(1)))
                .contains("ready");
        postgres.execute("SELECT pg_drop_replication_slot('ready')");
    }

    @Test
    void settingsOfTheCallerHold() throws SQLException {
        assertThat(setting("wal_sender_timeout")).isEqualTo("5s");
    }

    @Test
    void aStopKeepsDataAndPort() throws SQLException {
        int port = postgres.port();
        postgres.execute("CREATE TABLE kept (id int)", "INSERT INTO kept VALUES (1)");

        postgres.restart();

        assertThat(postgres.port()).isEqualTo(port);
        assertThat(postgres.query("SELECT id FROM kept", row -> row.getInt(1))).containsExactly(1);
        assertThat(setting("wal_level")).isEqualTo("logical");
    }

    @Test
    void aCrashKeepsWhatWasCommitted() throws SQLException {
        postgres.execute("CREATE TABLE crashed (id int)", "INSERT INTO crashed VALUES (1)");
        long before = postgres.pid();

        postgres.kill();
        postgres.startAgain();

        assertThat(ProcessHandle.of(before)).isEmpty();
        assertThat(postgres.query("SELECT id FROM crashed", row -> row.getInt(1)))
                .containsExactly(1);
    }

    @Test
    void databasesAreKeptApart() throws SQLException {
        postgres.createDatabase("one-of Two");
        postgres.executeIn("one-of Two", "CREATE TABLE only_here ()");

        try (Connection connection = postgres.connect("one-of Two")) {
            assertThat(connection.getCatalog()).isEqualTo("one-of Two");
        }
        assertThatThrownBy(() -> postgres.execute("SELECT * FROM only_here")).hasMessageContaining("does not exist");
    }

    @Test
    void aDatabaseGoesWithItsSlots() throws SQLException {
        postgres.createDatabase("with_slot");
        postgres.executeIn("with_slot", "SELECT pg_create_logical_replication_slot('in_db', 'pgoutput')");

        postgres.dropDatabase("with_slot");

        assertThat(postgres.query("SELECT slot_name FROM pg_replication_slots", row -> row.getString(1)))
                .doesNotContain("in_db");
    }

    @Test
    void aWrongPasswordIsRefused() {
        String url = "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres";

        assertThatThrownBy(() -> DriverManager.getConnection(url, "postgres", "wrong"))
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void theDsnNamesUserPasswordAndDatabase() {
        assertThat(postgres.dsn("shop"))
                .isEqualTo("postgres://postgres:postgres@127.0.0.1:" + postgres.port() + "/shop");
    }

    @Test
    void anExistingServerIsUsedAndLeftAsItWas() throws SQLException {
        System.setProperty(PostgresServer.EXISTING, postgres.dsn());
        try (PostgresServer existing = PostgresServer.start()) {
            existing.createDatabase("visiting");

            assertThat(existing.port()).isEqualTo(postgres.port());
            assertThatThrownBy(existing::stop).isInstanceOf(UnsupportedOperationException.class);
        } finally {
            System.clearProperty(PostgresServer.EXISTING);
        }

        assertThat(postgres.query("SELECT datname FROM pg_database", row -> row.getString(1)))
                .contains("postgres")
                .doesNotContain("visiting");
    }

    private static String setting(String name) throws SQLException {
        return postgres.query("SHOW " + name, row -> row.getString(1)).getFirst();
    }
}
