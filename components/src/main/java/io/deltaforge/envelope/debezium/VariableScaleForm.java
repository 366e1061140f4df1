package io.deltaforge.envelope.debezium;

import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.FieldName;
import io.deltaforge.spi.value.ValueWriter;

/**
 * {@code numeric} without precision as {@code io.debezium.data.VariableScaleDecimal}: scale and bytes, without trailing
 * zeros after the point. Confined to one thread.
 */
final class VariableScaleForm implements ValueWriter {
    private static final FieldName SCALE = new FieldName("scale");
    private static final FieldName VALUE = new FieldName("value");

    private final UnscaledDecimal unscaled = new UnscaledDecimal();

    @Override
    public void write(byte[] data, int from, int to, DocumentWriter out) {
        int point = from;
        while (point < to && data[point] != '.') {
            point++;
        }
        int end = to;
        if (point < to) {
            while (data[end - 1] == '0') {
                end--;
            }
            if (end == point + 1) {
                end = point;
            }
        }
        int scale = Math.max(0, end - point - 1);
        out.beginObject();
        out.name(SCALE);
        out.number(scale);
        out.name(VALUE);
        unscaled.write(data, from, end, scale, out);
        out.endObject();
    }
}
