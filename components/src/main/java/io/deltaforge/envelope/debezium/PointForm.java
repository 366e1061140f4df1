package io.deltaforge.envelope.debezium;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.FieldName;
import io.deltaforge.spi.value.PlainForm;
import io.deltaforge.spi.value.PointText;
import io.deltaforge.spi.value.ValueWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** {@code (x,y)} as {@code io.debezium.data.geometry.Point}: coordinates and well-known binary. Confined to one thread. */
final class PointForm implements ValueWriter {
    private static final FieldName X = new FieldName("x");
    private static final FieldName Y = new FieldName("y");
    private static final int WKB_POINT = 1;

    private final ValueWriter coordinate = PlainForm.numberOrText();
    private final ByteBuffer wkb =
            ByteBuffer.allocate(1 + Integer.BYTES + 2 * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    @Override
    public void write(byte[] data, int from, int to, DocumentWriter out) {
        int comma = PointText.comma(data, from, to);
        wkb.clear();
        wkb.put((byte) 1) // little-endian
                .putInt(WKB_POINT)
                .putDouble(Double.parseDouble(new String(data, from + 1, comma - from - 1, ISO_8859_1)))
                .putDouble(Double.parseDouble(new String(data, comma + 1, to - comma - 2, ISO_8859_1)));
        out.beginObject();
        out.name(X);
        coordinate.write(data, from + 1, comma, out);
        out.name(Y);
        coordinate.write(data, comma + 1, to - 1, out);
        out.name(GeometryForm.WKB);
        out.bytes(wkb.array(), 0, wkb.position());
        out.name(GeometryForm.SRID);
        out.nul();
        out.endObject();
    }
}
