package io.deltaforge.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * The values of one row, not decoded: the bytes that came off the wire and where each column lies in them.
 *
 * <p>A value is the text form that its {@link DataType.Kind} names. Immutable by agreement: nobody writes to
 * {@link #data}, which may hold more than this row.
 */
public final class Row {
    /** In place of a start: the value is NULL. */
    public static final int NULL = -1;
    /** In place of a start: the value exists but the source did not log it (an unchanged TOAST column). */
    public static final int UNAVAILABLE = -2;
    /** In place of a start: the replica identity leaves this column out of the old row. */
    public static final int ABSENT = -3;

    private static final int OVERHEAD_BYTES = 56;

    private final byte[] data;
    private final int[] bounds;

    /**
     * Takes both arrays without copying.
     *
     * @param bounds for column i, {@code bounds[2i]} the offset of its first byte (or one of the constants above) and
     *     {@code bounds[2i + 1]} the offset after its last
     */
    public Row(byte[] data, int[] bounds) {
        this.data = data;
        this.bounds = bounds;
    }

    /** Makes a row of texts; {@code null} stands for NULL. */
    public static Row ofTexts(@Nullable String... values) {
        int[] bounds = new int[2 * values.length];
        byte[][] texts = new byte[values.length][];
        int length = 0;
        for (int i = 0; i < values.length; i++) {
            String value = values[i];
            texts[i] = value == null ? new byte[0] : value.getBytes(UTF_8);
            bounds[2 * i] = value == null ? NULL : length;
            length += texts[i].length;
            bounds[2 * i + 1] = length;
        }
        byte[] data = new byte[length];
        int at = 0;
        for (byte[] text : texts) {
            System.arraycopy(text, 0, data, at, text.length);
            at += text.length;
        }
        return new Row(data, bounds);
    }

    public int columnCount() {
        return bounds.length / 2;
    }

    public byte[] data() {
        return data;
    }

    /** The offset of the column's first byte in {@link #data}, or {@link #NULL}, {@link #UNAVAILABLE}, {@link #ABSENT}. */
    public int start(int column) {
        return bounds[2 * column];
    }

    /** The offset after the column's last byte; meaningless where {@link #start} is negative. */
    public int end(int column) {
        return bounds[2 * column + 1];
    }

    /** The column's value in its text form; {@code null} when it is NULL, unavailable or absent. */
    public @Nullable String text(int column) {
        int start = start(column);
        return start < 0 ? null : new String(data, start, end(column) - start, UTF_8);
    }

    int sizeBytes() {
        // old and new rows share an array; counting it for both overstates, which is the safe side
        return OVERHEAD_BYTES + data.length + 4 * bounds.length;
    }
}
