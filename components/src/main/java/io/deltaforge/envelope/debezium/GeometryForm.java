package io.deltaforge.envelope.debezium;

import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.FieldName;
import io.deltaforge.spi.value.HexForm;
import io.deltaforge.spi.value.Malformed;
import io.deltaforge.spi.value.Scratch;
import io.deltaforge.spi.value.ValueWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * PostGIS values as {@code io.debezium.data.geometry.Geometry}: the EWKB (PostGIS manual, "Extended Well-Known Binary")
 * and the reference system that stands in it. Confined to one thread.
 */
final class GeometryForm implements ValueWriter {
    static final FieldName WKB = new FieldName("wkb");
    static final FieldName SRID = new FieldName("srid");

    private static final int HAS_SRID = 0x2000_0000;
    private static final int TYPE_AT = 1;
    private static final int SRID_AT = TYPE_AT + Integer.BYTES;

    private final Scratch scratch = new Scratch();

    @Override
    public void write(byte[] data, int from, int to, DocumentWriter out) {
        int length = (to - from) / 2;
        byte[] ewkb = scratch.ofSize(length);
        HexForm.decode(data, from, to, ewkb);
        if (length < SRID_AT) {
            throw Malformed.text("EWKB", data, from, to);
        }
        ByteBuffer binary = ByteBuffer.wrap(ewkb, 0, length);
        binary.order(ewkb[0] == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        boolean hasSrid = (binary.getInt(TYPE_AT) & HAS_SRID) != 0 && length >= SRID_AT + Integer.BYTES;
        out.beginObject();
        out.name(WKB);
        out.bytes(ewkb, 0, length);
        out.name(SRID);
        if (hasSrid) {
            out.number(binary.getInt(SRID_AT));
        } else {
            out.nul();
        }
        out.endObject();
    }
}
