package io.deltaforge.sandbox;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Trades in the shop over one connection, one transaction at a time. It remembers which customers and orders it may
 * touch; after a failure a new one, on a new connection, looks them up again. Confined to its workload's thread.
 */
final class ShopTrade {
    private static final int REMEMBERED = 1_000;
    private static final List<String> NAMES =
            List.of("Ada", "Björn", "Chloé", "Dmitri", "Eun-ji", "Fatima", "Grace", "Hiroshi", "Íñigo", "Joan");
    private static final List<String> CITIES = List.of("Berlin", "Kraków", "Lyon", "Osaka", "São Paulo", "Tromsø");
    private static final List<String> METHODS = List.of("card", "invoice", "transfer");

    private final Connection connection;
    private final RandomGenerator random;
    private final TransactionIds written;
    private final List<Long> customers;
    private final List<Long> placed;
    private final List<Long> paid;

    /** @param written gets the id of each transaction before it is committed */
    ShopTrade(Connection connection, RandomGenerator random, TransactionIds written) throws SQLException {
        this.connection = connection;
        this.random = random;
        this.written = written;
        connection.setAutoCommit(true);
        customers = ids("SELECT id FROM customers ORDER BY id DESC LIMIT " + REMEMBERED);
        placed = ids("SELECT id FROM orders WHERE status = 'new' ORDER BY id DESC LIMIT " + REMEMBERED);
        paid = ids("SELECT id FROM orders WHERE status = 'paid' ORDER BY id DESC LIMIT " + REMEMBERED);
        connection.setAutoCommit(false);
    }

    /** Commits one transaction of a random kind and says what was in it. */
    ShopTotals next() throws SQLException {
        ShopTotals done = trade(random.nextInt(100));
        written.add(ids("SELECT pg_current_xact_id()::text::bigint").getFirst());
        connection.commit();
        return done;
    }

    private ShopTotals trade(int dice) throws SQLException {
        if (paid.size() >= REMEMBERED || (dice < 20 && !paid.isEmpty())) {
            return ship();
        }
        if (placed.size() >= REMEMBERED || (dice < 45 && !placed.isEmpty())) {
            return pay();
        }
        if (dice < 55 && !placed.isEmpty()) {
            return cancel();
        }
        if (dice < 63 && !customers.isEmpty()) {
            return changeCustomer();
        }
        return placeOrder();
    }

    private ShopTotals placeOrder() throws SQLException {
        boolean isNewCustomer = customers.isEmpty() || random.nextInt(4) == 0;
        long customer = isNewCustomer ? insertCustomer() : oneOf(customers);
        int lines = 1 + random.nextInt(4);
        int[] quantities = new int[lines];
        long[] cents = new long[lines];
        long total = 0;
        for (int line = 0; line < lines; line++) {
            quantities[line] = 1 + random.nextInt(5);
            cents[line] = 99 + random.nextLong(20_000);
            total += quantities[line] * cents[line];
        }
        long order = insert(
                "INSERT INTO orders (customer_id, total, shipping) VALUES (?, ?, ?::jsonb) RETURNING id",
                customer,
                BigDecimal.valueOf(total, 2),
                "{\"city\": \"" + oneOf(CITIES) + "\", \"express\": " + random.nextBoolean() + "}");
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO order_items (order_id, line, sku, quantity, price) VALUES (?, ?, ?, ?, ?)")) {
            for (int line = 0; line < lines; line++) {
                statement.setLong(1, order);
                statement.setInt(2, line + 1);
                statement.setString(3, "sku-" + random.nextInt(1_000));
                statement.setInt(4, quantities[line]);
                statement.setBigDecimal(5, BigDecimal.valueOf(cents[line], 2));
                statement.addBatch();
            }
            statement.executeBatch();
        }
        remember(placed, order);
        return ShopTotals.transaction((isNewCustomer ? 1 : 0) + 1 + lines, 0, 0);
    }

    private long insertCustomer() throws SQLException {
        String name = oneOf(NAMES) + " " + random.nextInt(10_000);
        long id = insert(
                "INSERT INTO customers (name, email, vip) VALUES (?, ?, ?) RETURNING id",
                name,
                name.toLowerCase(Locale.ROOT).replace(' ', '.') + "@example.com",
                random.nextInt(10) == 0);
        remember(customers, id);
        return id;
    }

    private ShopTotals changeCustomer() throws SQLException {
        String email = "moved." + random.nextInt(1_000_000) + "@example.com";
        return ShopTotals.transaction(
                0, change("UPDATE customers SET email = ? WHERE id = ?", email, oneOf(customers)), 0);
    }

    private ShopTotals pay() throws SQLException {
        long order = takeOne(placed);
        int payments = change(
                "INSERT INTO payments (order_id, amount, method) SELECT id, total, ? FROM orders WHERE id = ?",
                oneOf(METHODS),
                order);
        int orders = change("UPDATE orders SET status = 'paid' WHERE id = ?", order);
        remember(paid, order);
        return ShopTotals.transaction(payments, orders, 0);
    }

    private ShopTotals ship() throws SQLException {
        return ShopTotals.transaction(0, change("UPDATE orders SET status = 'shipped' WHERE id = ?", takeOne(paid)), 0);
    }

    private ShopTotals cancel() throws SQLException {
        long order = takeOne(placed);
        int items = change("DELETE FROM order_items WHERE order_id = ?", order);
        int orders = change("DELETE FROM orders WHERE id = ?", order);
        return ShopTotals.transaction(0, 0, items + orders);
    }

    private long insert(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, values);
                ResultSet inserted = statement.executeQuery()) {
            inserted.next();
            return inserted.getLong(1);
        }
    }

    private int change(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, values)) {
            return statement.executeUpdate();
        }
    }

    private PreparedStatement prepare(String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private List<Long> ids(String sql) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }

    private <T> T oneOf(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private long takeOne(List<Long> ids) {
        int index = random.nextInt(ids.size());
        long taken = ids.get(index);
        ids.set(index, ids.getLast());
        ids.removeLast();
        return taken;
    }

    /** Bounded: a full list forgets one at random. */
    private void remember(List<Long> ids, long id) {
        if (ids.size() < REMEMBERED) {
            ids.add(id);
        } else {
            ids.set(random.nextInt(REMEMBERED), id);
        }
    }
}
