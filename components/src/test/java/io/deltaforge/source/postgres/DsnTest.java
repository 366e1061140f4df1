package io.deltaforge.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltaforge.spi.Secret;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DsnTest {

    @Test
    void aCompleteUriIsTakenApart() {
        Dsn dsn = Dsn.parse("postgres://us%20er:p%40ss%2F%25:word@db.example:6432/my%2Fdb?sslmode=verify-full"
                + "&sslrootcert=/etc/ca.pem&connect_timeout=7&application_name=shop");

        assertThat(dsn.user()).isEqualTo("us er");
        assertThat(dsn.database()).isEqualTo("my/db");
        assertThat(dsn.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example:6432/my%2Fdb");
        assertThat(dsn.properties())
                .containsAllEntriesOf(Map.of(
                        "user", "us er",
                        "password", "p@ss/%:word",
                        "sslmode", "verify-full",
                        "sslrootcert", "/etc/ca.pem",
                        "connectTimeout", "7",
                        "ApplicationName", "shop"));
        assertThat(dsn).hasToString("db.example:6432/my/db");
    }

    @Test
    void whatIsLeftOutIsAsInLibpq() {
        Dsn dsn = Dsn.parse("postgresql://shop@db");

        assertThat(dsn.jdbcUrl()).isEqualTo("jdbc:postgresql://db:5432/shop");
        assertThat(dsn.properties())
                .containsEntry("sslmode", "prefer")
                .containsEntry("ApplicationName", "deltaforge")
                .doesNotContainKey("password");
    }

    @Test
    void theUserMayStandAmongTheParameters() {
        Dsn dsn = Dsn.parse("postgres://db/shop?user=me&password=a%26b");

        assertThat(dsn.user()).isEqualTo("me");
        assertThat(dsn.properties()).containsEntry("password", "a&b");
    }

    @Test
    void ipv6AndSeveralHosts() {
        Dsn dsn = Dsn.parse("postgres://u:p@[::1]:5433,[fe80::2],other/db?target_session_attrs=read-write");

        assertThat(dsn.jdbcUrl()).isEqualTo("jdbc:postgresql://[::1]:5433,[fe80::2]:5432,other:5432/db");
        assertThat(dsn.properties()).containsEntry("targetServerType", "primary");
    }

    @Test
    void anUnknownParameterIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> Dsn.parse("postgres://u:p@h/d?sslmod=require"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unknown parameter sslmod")
                .hasMessageContaining("sslmode");
        assertThatThrownBy(() -> Dsn.parse("postgres://u:p@h/d?sslmode=on"))
                .hasMessageContaining("disable, allow, prefer, require, verify-ca, verify-full");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://user:hunter2hunter2@host:port/db",
                "postgres://user:hunter2/hunter2@host/db",
                "postgres://user:hunter2#hunter2%@host/db",
                "postgres://user:hunter2@::1/db",
                "postgres://user:hunter2@host/db?sslmode",
                "postgres://user:hunter2%zz@host/db",
                "postgres://user:hunter2%ff@host/db",
                "postgres://:hunter2@host/db",
                "mysql://user:hunter2@host/db",
                "postgres://user:hunter2@host/db?password=hunter2&nonsense=hunter2",
                "host=db user=user password=hunter2",
                "postgres://user:hunter2@%2Ftmp/db",
                "postgres://user:pa@hunter2:5432x@host:99999/db",
            })
    void noErrorRepeatsThePassword(String uri) {
        assertThatThrownBy(() -> new PostgresSourceConfig(
                        "shop",
                        new Secret(uri),
                        "slot",
                        "pub",
                        List.of("*"),
                        new StartPosition.Earliest(),
                        true,
                        PostgresSourceConfig.OnMissingSlot.FAIL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("dsn")
                .satisfies(e -> assertThat(e.toString()).doesNotContain("hunter2"));
    }
}
