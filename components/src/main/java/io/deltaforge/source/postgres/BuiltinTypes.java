package io.deltaforge.source.postgres;

import static java.util.Map.entry;

import io.deltaforge.event.DataType;
import io.deltaforge.event.DataType.Kind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's own types, whose object identifiers never change (pg_type.dat), so that common tables need no look at the
 * catalog. Any type that is not here is asked for; a test compares the list with a real server.
 */
final class BuiltinTypes {
    private BuiltinTypes() {}

    /** @param array object identifier of the array of it, 0 when not listed */
    private record Builtin(Kind kind, String name, int array) {}

    private static final Map<Integer, Builtin> BY_OID = Map.ofEntries(
            type(16, Kind.BOOLEAN, "boolean", 1000),
            type(17, Kind.BYTES, "bytea", 1001),
            type(18, Kind.TEXT, "\"char\"", 1002),
            type(19, Kind.TEXT, "name", 1003),
            type(20, Kind.INT64, "bigint", 1016),
            type(21, Kind.INT16, "smallint", 1005),
            type(23, Kind.INT32, "integer", 1007),
            type(25, Kind.TEXT, "text", 1009),
            type(26, Kind.OID, "oid", 1028),
            type(114, Kind.JSON, "json", 199),
            type(142, Kind.XML, "xml", 143),
            type(600, Kind.POINT, "point", 1017),
            type(650, Kind.OTHER, "cidr", 651),
            type(700, Kind.FLOAT32, "real", 1021),
            type(701, Kind.FLOAT64, "double precision", 1022),
            type(774, Kind.OTHER, "macaddr8", 775),
            type(790, Kind.MONEY, "money", 791),
            type(829, Kind.OTHER, "macaddr", 1040),
            type(869, Kind.OTHER, "inet", 1041),
            type(1042, Kind.TEXT, "character", 1014),
            type(1043, Kind.TEXT, "character varying", 1015),
            type(1082, Kind.DATE, "date", 1182),
            type(1083, Kind.TIME, "time without time zone", 1183),
            type(1114, Kind.TIMESTAMP, "timestamp without time zone", 1115),
            type(1184, Kind.TIMESTAMP_TZ, "timestamp with time zone", 1185),
            type(1186, Kind.INTERVAL, "interval", 1187),
            type(1266, Kind.TIME_TZ, "time with time zone", 1270),
            type(1560, Kind.BITS, "bit", 1561),
            type(1562, Kind.BITS, "bit varying", 1563),
            type(1700, Kind.DECIMAL, "numeric", 1231),
            type(2950, Kind.UUID, "uuid", 2951),
            type(3614, Kind.OTHER, "tsvector", 3643),
            type(3802, Kind.JSON, "jsonb", 3807));

    private static final Map<Integer, Integer> ELEMENT_BY_ARRAY_OID = BY_OID.entrySet().stream()
            .collect(java.util.stream.Collectors.toUnmodifiableMap(
                    e -> e.getValue().array(), Map.Entry::getKey));

    private static Map.Entry<Integer, Builtin> type(int oid, Kind kind, String name, int array) {
        return entry(oid, new Builtin(kind, name, array));
    }

    /** The object identifiers of all types listed, arrays included. */
    static List<Integer> oids() {
        return java.util.stream.Stream.concat(BY_OID.keySet().stream(), ELEMENT_BY_ARRAY_OID.keySet().stream())
                .sorted()
                .toList();
    }

    /** The object identifier of an array's elements, 0 for what is no array. */
    static int elementOid(int oid) {
        return ELEMENT_BY_ARRAY_OID.getOrDefault(oid, 0);
    }

    /** The type of a column, or {@code null} when it is not listed. */
    static @Nullable DataType of(int oid, int modifier) {
        Builtin builtin = BY_OID.get(oid);
        if (builtin != null) {
            return withModifier(builtin.kind(), builtin.name(), modifier);
        }
        Integer elementOid = ELEMENT_BY_ARRAY_OID.get(oid);
        if (elementOid == null) {
            return null;
        }
        DataType element = of(elementOid, modifier);
        return element == null ? null : new DataType(Kind.ARRAY, element.name() + "[]", -1, -1, element, List.of());
    }

    /** What the type modifier of a column says (numeric.c, date.c, timestamp.c, varbit.c). */
    private static DataType withModifier(Kind kind, String name, int modifier) {
        if (modifier < 0) {
            return DataType.of(kind, name);
        }
        return switch (kind) {
            case DECIMAL -> {
                int bits = modifier - 4;
                // the scale is a signed number of 11 bits since PostgreSQL 15
                int scale = ((bits & 0x7FF) ^ 0x400) - 0x400;
                yield new DataType(kind, name, bits >> 16 & 0xFFFF, scale, null, List.of());
            }
            case TIME, TIME_TZ, TIMESTAMP, TIMESTAMP_TZ, BITS ->
                new DataType(kind, name, modifier, -1, null, List.of());
            case INTERVAL -> {
                int precision = modifier & 0xFFFF;
                yield new DataType(kind, name, precision == 0xFFFF ? -1 : precision, -1, null, List.of());
            }
            default -> DataType.of(kind, name);
        };
    }
}
