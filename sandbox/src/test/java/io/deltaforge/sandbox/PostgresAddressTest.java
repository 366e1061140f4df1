package io.deltaforge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PostgresAddressTest {
    @Test
    void aDsnIsReadAndWrittenAsItWas() {
        String dsn = "postgres://me:p%40ss%20word@db.example:6543/shop?sslmode=require";

        PostgresAddress address = PostgresAddress.parse(dsn);

        assertThat(address.password()).isEqualTo("p@ss word");
        assertThat(address.dsn()).isEqualTo(dsn);
        assertThat(address.jdbcUrl())
                .isEqualTo("jdbc:postgresql://db.example:6543/shop?user=me&password=p%40ss%20word&sslmode=require");
    }

    @Test
    void thePortDefaultsToPostgresOwn() {
        assertThat(PostgresAddress.parse("postgresql://me:secret@db/shop").port())
                .isEqualTo(5432);
    }

    @Test
    void thePasswordIsNotPrinted() {
        PostgresAddress address = PostgresAddress.parse("postgres://me:secret@db/shop");

        assertThat(address.toString()).isEqualTo("me@db:5432/shop");
    }

    @Test
    void anotherFormIsRefusedWithoutRepeatingIt() {
        assertThatThrownBy(() -> PostgresAddress.parse("secret@db"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }
}
