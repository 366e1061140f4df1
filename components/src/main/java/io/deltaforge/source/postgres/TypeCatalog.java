package io.deltaforge.source.postgres;

import io.deltaforge.event.DataType;
import io.deltaforge.event.DataType.Kind;
import io.deltaforge.spi.Failure;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** From PostgreSQL's types to ours; asks the server for those that are not built in. Confined to the source thread. */
final class TypeCatalog {

    /**
     * A row of pg_type.
     *
     * @param formatted the name as format_type prints it
     * @param kind typtype: b(ase), c(omposite), d(omain), e(num), p(seudo), r(ange), m(ultirange)
     * @param element what it is a true array of, 0 for none; typelem alone also says so of vectors and points
     */
    private record PgType(
            String name,
            String formatted,
            char kind,
            int base,
            int baseModifier,
            int element,
            String delimiter,
            List<String> labels) {}

    private final Catalog catalog;
    private final Map<Integer, PgType> known = new HashMap<>();

    TypeCatalog(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Labels and names may have changed: asks again. */
    void forget() {
        known.clear();
    }

    DataType type(int oid, int modifier) throws Failure {
        DataType builtin = BuiltinTypes.of(oid, modifier);
        if (builtin != null) {
            return builtin;
        }
        PgType type = known.get(oid);
        if (type == null) {
            type = ask(oid);
            known.put(oid, type);
        }
        return translate(type, modifier);
    }

    private DataType translate(PgType type, int modifier) throws Failure {
        if (type.kind == 'd') {
            DataType base = type(type.base, type.baseModifier);
            return new DataType(
                    base.kind(), type.formatted, base.precision(), base.scale(), base.element(), base.labels());
        }
        if (type.kind == 'e') {
            return new DataType(Kind.ENUM, type.formatted, -1, -1, null, type.labels);
        }
        // an array of boxes has semicolons between its elements; Kind.ARRAY promises commas
        if (type.element != 0 && type.delimiter.equals(",")) {
            return new DataType(Kind.ARRAY, type.formatted, -1, -1, type(type.element, modifier), List.of());
        }
        return DataType.of(type.kind == 'b' ? extensionKind(type.name) : Kind.OTHER, type.formatted);
    }

    /** Types of extensions are known by name only: their object identifiers differ from database to database. */
    private static Kind extensionKind(String name) {
        return switch (name) {
            case "citext" -> Kind.TEXT;
            case "hstore" -> Kind.HSTORE;
            case "geometry", "geography" -> Kind.GEOMETRY;
            default -> Kind.OTHER;
        };
    }

    private PgType ask(int oid) throws Failure {
        PgType type = catalog.first(
                "asking what type " + Integer.toUnsignedString(oid) + " is",
                """
                SELECT t.typname, format_type(t.oid, NULL), t.typtype::text, t.typbasetype::bigint, t.typtypmod,
                       coalesce(e.oid, 0)::bigint, coalesce(e.typdelim, ',')::text,
                       ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder)
                FROM pg_type t LEFT JOIN pg_type e ON e.typarray = t.oid AND e.oid = t.typelem
                WHERE t.oid = ?::bigint::oid""",
                TypeCatalog::read,
                Integer.toUnsignedLong(oid));
        return type != null ? type : dropped(oid);
    }

    private static PgType read(ResultSet row) throws SQLException {
        return new PgType(
                row.getString(1),
                row.getString(2),
                row.getString(3).charAt(0),
                (int) row.getLong(4),
                row.getInt(5),
                (int) row.getLong(6),
                row.getString(7),
                Arrays.asList((String[]) row.getArray(8).getArray()));
    }

    /** The log may be older than the catalog, and the type gone since. */
    private static PgType dropped(int oid) {
        return new PgType("", "oid " + Integer.toUnsignedString(oid), 'b', 0, -1, 0, ",", List.of());
    }
}
