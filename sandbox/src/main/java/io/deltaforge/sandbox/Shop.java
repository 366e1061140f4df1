package io.deltaforge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables of a small shop, in the schema that comes first in the search path ({@code public} as a rule). */
public final class Shop {
    /** In the order in which their foreign keys refer to one another. */
    public static final List<String> TABLES = List.of("customers", "orders", "order_items", "payments");

    private Shop() {}

    /** Creates the tables, which must not exist yet. */
    public static void createSchema(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(schemaSql());
        }
    }

    /** The statements that make the tables. */
    public static String schemaSql() {
        try (InputStream in = Shop.class.getResourceAsStream("shop.sql")) {
            if (in == null) {
                throw new IllegalStateException("shop.sql is missing from the sandbox's jar");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
