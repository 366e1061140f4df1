package io.deltaforge.source.postgres;

/** Names and texts inside of SQL, for statements that take no parameters. */
final class Sql {
    private Sql() {}

    static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String table(String schema, String name) {
        return identifier(schema) + "." + identifier(name);
    }

    /** For standard_conforming_strings, the default since PostgreSQL 9.1. */
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
