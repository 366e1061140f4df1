package io.deltaforge.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a column holds, in terms that every source shares.
 *
 * @param kind what the value is and what its text form looks like
 * @param name the database's own name of the type, e.g. {@code timestamp without time zone}
 * @param precision digits of a {@link Kind#DECIMAL}, fractional digits of a time, bits of a {@link Kind#BITS}; -1 where
 *     the column states none
 * @param scale digits after the point of a {@link Kind#DECIMAL}; -1 where the column states none
 * @param element the type of an {@link Kind#ARRAY}'s elements
 * @param labels the labels of an {@link Kind#ENUM} in their order, where known
 */
public record DataType(
        Kind kind,
        String name,
        int precision,
        int scale,
        @Nullable DataType element,
        List<String> labels) {

    /** What a value is. Each names the text form in which a {@link Row} holds it, always UTF-8. */
    public enum Kind {
        /** {@code t} or {@code f}. */
        BOOLEAN,
        /** Decimal digits with an optional sign. */
        INT16,
        INT32,
        INT64,
        /** An unsigned 32-bit object identifier in decimal digits. */
        OID,
        /** A JSON number, {@code NaN}, {@code Infinity} or {@code -Infinity}. */
        FLOAT32,
        FLOAT64,
        /** Plain digits, no exponent: {@code -12.50}; or {@code NaN}, {@code Infinity}, {@code -Infinity}. */
        DECIMAL,
        /** As the database prints it, with currency sign and separators: {@code $1,234.50}. */
        MONEY,
        /** Any text. */
        TEXT,
        /** Text that is one of {@link DataType#labels}. */
        ENUM,
        /** {@code a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}. */
        UUID,
        /** A JSON document. */
        JSON,
        /** An XML document or fragment. */
        XML,
        /** {@code \x} and two hexadecimal digits a byte. */
        BYTES,
        /** {@code 2024-02-29}, {@code 0044-03-15 BC}, {@code infinity}, {@code -infinity}. */
        DATE,
        /** {@code 23:59:59.999999}, up to {@code 24:00:00}. */
        TIME,
        /** A time with an offset: {@code 23:59:59.5+02}, {@code -03:30}, {@code +00:00:01}. */
        TIME_TZ,
        /** A date and a time with one space between: {@code 2024-02-29 12:00:00.5}, BC and infinities as for dates. */
        TIMESTAMP,
        /** A timestamp with an offset: {@code 2024-02-29 12:00:00.5+00}. */
        TIMESTAMP_TZ,
        /** PostgreSQL's own style: {@code 1 year 2 mons -3 days +04:05:06.7}. */
        INTERVAL,
        /** Zeros and ones. */
        BITS,
        /** {@code "k"=>"v", "n"=>NULL}. */
        HSTORE,
        /** {@code (x,y)}. */
        POINT,
        /** EWKB in hexadecimal digits. */
        GEOMETRY,
        /** {@code {a,"b c",NULL,{…}}}; of {@link DataType#element}. */
        ARRAY,
        /** Whatever else: the database's text form, to be passed on as text. */
        OTHER
    }

    public DataType {
        labels = List.copyOf(labels);
        if ((kind == Kind.ARRAY) != (element != null)) {
            throw new IllegalArgumentException("an array has an element type and nothing else has: " + name);
        }
    }

    /** A type that needs neither precision nor parts. */
    public static DataType of(Kind kind, String name) {
        return new DataType(kind, name, -1, -1, null, List.of());
    }
}
