package io.deltaforge.spi.value;

import io.deltaforge.event.DataType;
import io.deltaforge.spi.FieldName;
import org.jspecify.annotations.Nullable;

/**
 * Values as a reader of JSON who never saw the database expects them: ISO-8601 dates and times, numbers with all their
 * digits, JSON embedded, arrays as arrays. {@code docs/reference/postgres-types.md} lists every type.
 */
public final class PlainForm {
    private static final FieldName X = new FieldName("x");
    private static final FieldName Y = new FieldName("y");

    private PlainForm() {}

    /** A new writer for values of the type. */
    public static ValueWriter of(DataType type) {
        return switch (type.kind()) {
            case BOOLEAN -> (data, from, to, out) -> out.bool(data[from] == 't');
            case INT16, INT32, INT64, OID -> (data, from, to, out) -> out.number(data, from, to);
            case FLOAT32, FLOAT64, DECIMAL -> numberOrText();
            case UUID, BITS, GEOMETRY, TIME -> (data, from, to, out) -> out.plainText(data, from, to);
            case MONEY, TEXT, ENUM, XML, OTHER -> (data, from, to, out) -> out.text(data, from, to);
            case JSON -> (data, from, to, out) -> out.json(data, from, to);
            case BYTES -> new HexForm();
            case DATE -> IsoForm.date();
            case TIMESTAMP -> IsoForm.timestamp();
            case TIME_TZ -> IsoForm.timeTz();
            case TIMESTAMP_TZ -> IsoForm.timestampTz();
            case INTERVAL -> new IsoDurationForm();
            case HSTORE -> hstore();
            case POINT -> point();
            case ARRAY -> array(type.element());
        };
    }

    /** A number as its digits; {@code NaN} and infinities, which JSON has no numbers for, as text. */
    public static ValueWriter numberOrText() {
        return (data, from, to, out) -> {
            if (data[to - 1] <= '9') {
                out.number(data, from, to);
            } else {
                out.plainText(data, from, to);
            }
        };
    }

    private static ValueWriter array(@Nullable DataType element) {
        if (element == null) {
            throw new IllegalArgumentException("an array without an element type");
        }
        return new ArrayForm(of(element));
    }

    private static ValueWriter hstore() {
        return (data, from, to, out) -> {
            byte[] json = HstoreText.json(data, from, to);
            out.json(json, 0, json.length);
        };
    }

    private static ValueWriter point() {
        ValueWriter coordinate = numberOrText();
        return (data, from, to, out) -> {
            int comma = PointText.comma(data, from, to);
            out.beginObject();
            out.name(X);
            coordinate.write(data, from + 1, comma, out);
            out.name(Y);
            coordinate.write(data, comma + 1, to - 1, out);
            out.endObject();
        };
    }
}
