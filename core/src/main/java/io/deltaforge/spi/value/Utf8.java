package io.deltaforge.spi.value;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Tells UTF-8 from other bytes. */
final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    /** ASCII costs an eighth of a look a byte; what is more is decoded for the question. */
    static boolean isValid(byte[] data, int from, int to) {
        int i = from;
        while (i + Long.BYTES <= to && ((long) LONGS.get(data, i) & HIGH_BITS) == 0) {
            i += Long.BYTES;
        }
        while (i < to && data[i] >= 0) {
            i++;
        }
        return i == to || decodes(data, i, to);
    }

    private static boolean decodes(byte[] data, int from, int to) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data, from, to - from));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
