package io.deltaforge.bench;

/** A table to capture and the statements that fill it; every statement takes the number of the transaction as {@code t}. */
enum RowShape {
    /** Twelve columns, about 600 bytes of JSON an event. */
    ORDERS("""
            CREATE TABLE %s (
                id bigint PRIMARY KEY, customer_id bigint NOT NULL, status text NOT NULL, currency char(3) NOT NULL,
                amount numeric(12,2) NOT NULL, tax numeric(12,2), paid boolean NOT NULL, created_at timestamptz NOT NULL,
                updated_at timestamptz NOT NULL, email text NOT NULL, address text NOT NULL, note text
            )
            """, """
            i, i %% 50000, 'pending', 'EUR', (i %% 100000) / 100.0, (i %% 1900) / 100.0, i %% 3 = 0, now(), now(),
            'customer-' || i %% 50000 || '@example.com', i || ' Long Street, 12345 Some Town, Some Country',
            repeat('a note that somebody wrote ', 6)
            """),

    /** Thirty columns: jsonb, arrays, numerics, times. */
    WIDE("""
            CREATE TABLE %s (
                id bigint PRIMARY KEY, a1 int, a2 int, a3 bigint, a4 smallint, b1 numeric(20,4), b2 numeric(20,4),
                b3 numeric, b4 double precision, b5 real, c1 text, c2 varchar(80), c3 text, c4 text, d1 jsonb, d2 jsonb,
                e1 int[], e2 text[], f1 timestamptz, f2 timestamp, f3 date, f4 time, g1 boolean, g2 boolean, h1 uuid,
                status text, amount numeric(12,2), updated_at timestamptz, i1 inet, j1 bytea
            )
            """, """
            i, i, -i, i * 1000, 7, i / 3.0, i * 1.5, i / 7.0, i / 11.0, 1.25, 'some text ' || i, 'more text',
            'even "more" text', 'and then some', jsonb_build_object('id', i, 'tags', jsonb_build_array('a', 'b', 'c')),
            '{"nested": {"deep": [1, 2, 3]}}', ARRAY[1, 2, 3, i], ARRAY['x', 'y', 'z w'], now(), now(), now(), now(),
            true, false, gen_random_uuid(), 'pending', 12.34, now(), '10.0.0.1', '\\xdeadbeef'
            """);

    private final String create;
    private final String values;

    RowShape(String create, String values) {
        this.create = create;
        this.values = values;
    }

    String createTable(String table) {
        return create.formatted(table);
    }

    /** A procedure that commits {@code transactions} transactions of 80 % inserts, 15 % updates and 5 % deletes. */
    String fill(String table, int rowsPerTransaction) {
        int inserts = Math.max(1, rowsPerTransaction * 80 / 100);
        int updates = rowsPerTransaction * 15 / 100;
        int deletes = rowsPerTransaction - inserts - updates;
        return """
                CREATE OR REPLACE PROCEDURE bench_fill(transactions bigint, commit_each boolean) LANGUAGE plpgsql AS $$
                DECLARE t bigint; first bigint;
                BEGIN
                  FOR t IN 0 .. transactions - 1 LOOP
                    first := t * %1$d;
                    INSERT INTO %4$s SELECT %5$s FROM generate_series(first, first + %1$d - 1) i;
                    UPDATE %4$s SET status = 'shipped', amount = amount + 1, updated_at = now()
                      WHERE id >= first AND id < first + %2$d;
                    DELETE FROM %4$s WHERE id >= first + %1$d - %3$d AND id < first + %1$d;
                    IF commit_each THEN COMMIT; END IF;
                  END LOOP;
                END $$
                """.formatted(inserts, updates, deletes, table, values.replace("%%", "%"));
    }
}
