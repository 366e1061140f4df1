package io.deltaforge.envelope.debezium;

import io.deltaforge.event.DataType;
import io.deltaforge.spi.value.ArrayForm;
import io.deltaforge.spi.value.HexForm;
import io.deltaforge.spi.value.HstoreText;
import io.deltaforge.spi.value.PlainForm;
import io.deltaforge.spi.value.TemporalText;
import io.deltaforge.spi.value.ValueWriter;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Values as Debezium's PostgreSQL connector writes them with its default settings (documentation: "Data type mappings").
 * Types that it leaves out of its events are written as text.
 */
final class DebeziumForm {
    /** Debezium's days for infinite dates; no date of PostgreSQL is that far. */
    private static final long INFINITE_DAY = LocalDate.of(5_877_611, 6, 21).toEpochDay();

    private static final long NEGATIVE_INFINITE_DAY =
            LocalDate.of(-5_877_611, 6, 22).toEpochDay();

    /** Debezium's microseconds for infinite timestamps, the driver's {@code PGStatement.DATE_POSITIVE_INFINITY}. */
    private static final long INFINITE_MICROS = 9_223_372_036_825_200_000L;

    private static final long NEGATIVE_INFINITE_MICROS = -9_223_372_036_832_400_000L;

    /** Times with at most this many fractional digits are in milliseconds ({@code time.precision.mode=adaptive}). */
    private static final int MILLIS_PRECISION = 3;

    private static final int MICROS_PER_MILLI = 1_000;

    private DebeziumForm() {}

    /** A new writer for values of the type. */
    static ValueWriter of(DataType type, DecimalHandling decimal) {
        return switch (type.kind()) {
            case BOOLEAN, INT16, INT32, INT64, OID, FLOAT32, FLOAT64, UUID, TEXT, ENUM, XML, OTHER ->
                PlainForm.of(type);
            case JSON -> (data, from, to, out) -> out.text(data, from, to);
            case DECIMAL -> decimal(type, decimal);
            case MONEY -> new MoneyForm(decimal);
            case BYTES -> new HexForm();
            case BITS -> type.precision() == 1 ? BitsForm.single() : new BitsForm();
            case DATE -> (data, from, to, out) -> out.number(epochDay(data, from, to));
            case TIME -> time(inMillis(type));
            case TIMESTAMP -> timestamp(inMillis(type));
            case TIME_TZ -> new ZonedTimeForm();
            case TIMESTAMP_TZ -> new ZonedTimestampForm(type.precision());
            case INTERVAL -> new MicroDurationForm();
            case HSTORE -> hstore();
            case POINT -> new PointForm();
            case GEOMETRY -> new GeometryForm();
            case ARRAY -> array(type.element(), decimal);
        };
    }

    private static ValueWriter array(@Nullable DataType element, DecimalHandling decimal) {
        if (element == null) {
            throw new IllegalArgumentException("an array without an element type");
        }
        return new ArrayForm(of(element, decimal));
    }

    private static ValueWriter decimal(DataType type, DecimalHandling handling) {
        return switch (handling) {
            case PRECISE -> type.precision() < 0 ? new VariableScaleForm() : new FixedScaleForm(type.scale());
            case STRING -> DebeziumForm::decimalText;
            case DOUBLE -> PlainForm.numberOrText();
        };
    }

    private static void decimalText(byte[] data, int from, int to, io.deltaforge.spi.DocumentWriter out) {
        if (data[to - 1] <= '9') {
            out.plainText(data, from, to);
        } else {
            // the names that Debezium gives them
            out.text(data[from] == 'N' ? "NAN" : data[from] == '-' ? "NEGATIVE_INFINITY" : "POSITIVE_INFINITY");
        }
    }

    private static long epochDay(byte[] data, int from, int to) {
        long day = TemporalText.epochDay(data, from, to);
        if (day == TemporalText.INFINITY) {
            return INFINITE_DAY;
        }
        return day == TemporalText.NEGATIVE_INFINITY ? NEGATIVE_INFINITE_DAY : day;
    }

    private static boolean inMillis(DataType type) {
        return type.precision() >= 0 && type.precision() <= MILLIS_PRECISION;
    }

    private static ValueWriter time(boolean inMillis) {
        if (inMillis) {
            return (data, from, to, out) -> out.number(TemporalText.microsOfDay(data, from, to) / MICROS_PER_MILLI);
        }
        return (data, from, to, out) -> out.number(TemporalText.microsOfDay(data, from, to));
    }

    private static ValueWriter timestamp(boolean inMillis) {
        if (inMillis) {
            return (data, from, to, out) -> out.number(Math.floorDiv(epochMicros(data, from, to), MICROS_PER_MILLI));
        }
        return (data, from, to, out) -> out.number(epochMicros(data, from, to));
    }

    private static long epochMicros(byte[] data, int from, int to) {
        long micros = TemporalText.epochMicros(data, from, to);
        if (micros == TemporalText.INFINITY) {
            return INFINITE_MICROS;
        }
        return micros == TemporalText.NEGATIVE_INFINITY ? NEGATIVE_INFINITE_MICROS : micros;
    }

    private static ValueWriter hstore() {
        return (data, from, to, out) -> {
            byte[] json = HstoreText.json(data, from, to);
            out.text(json, 0, json.length);
        };
    }
}
