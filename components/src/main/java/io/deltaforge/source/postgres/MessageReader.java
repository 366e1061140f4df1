package io.deltaforge.source.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.event.Row;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parts of one pgoutput message, in network byte order, and never beyond its end. Confined to the source thread.
 *
 * <p>Every method throws {@link MalformedMessage} when the message does not hold what is asked for.
 */
final class MessageReader {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] data = {};
    private int from;
    private int at;
    private int end;

    /** The message is {@code data[from..to)}. */
    void open(byte[] data, int from, int to) {
        this.data = data;
        this.from = from;
        this.at = from;
        this.end = to;
    }

    int offset() {
        return at;
    }

    void backTo(int offset) {
        at = offset;
    }

    int remaining() {
        return end - at;
    }

    int u8() {
        need(1);
        return data[at++] & 0xFF;
    }

    int u16() {
        need(2);
        int value = (short) SHORT.get(data, at) & 0xFFFF;
        at += 2;
        return value;
    }

    int i32() {
        need(4);
        int value = (int) INT.get(data, at);
        at += 4;
        return value;
    }

    long i64() {
        need(8);
        long value = (long) LONG.get(data, at);
        at += 8;
        return value;
    }

    /** Text that ends with a zero byte. */
    String string() {
        int start = at;
        while (at < end) {
            if (data[at++] == 0) {
                return new String(data, start, at - 1 - start, UTF_8);
            }
        }
        throw cutAt(at);
    }

    byte[] bytes(int length) {
        if (length < 0 || length > end - at) {
            throw new MalformedMessage("has a content of " + length + " bytes");
        }
        byte[] content = Arrays.copyOfRange(data, at, at + length);
        at += length;
        return content;
    }

    void expect(int type) {
        if (u8() != type) {
            throw new MalformedMessage("lacks the '" + (char) type + "' before the row");
        }
    }

    void finished() {
        if (at != end) {
            throw new MalformedMessage("goes on after its end");
        }
    }

    /**
     * Walks a tuple once and notes where each column lies.
     *
     * @param keyOnly whether only the replica identity was logged, the rest standing there as NULL
     * @param old where to take a value from that the new row does not repeat; it is in the same array
     */
    Row tuple(Relation relation, boolean keyOnly, @Nullable Row old) {
        int count = u16();
        boolean[] identity = relation.identity();
        if (count != identity.length) {
            throw new MalformedMessage(
                    "has " + count + " columns, but " + relation.table() + " has " + identity.length);
        }
        int[] bounds = new int[2 * count];
        byte[] bytes = data;
        int limit = end;
        int next = at;
        for (int i = 0; i < count; i++) {
            if (next >= limit) {
                throw cutAt(next);
            }
            switch (bytes[next++]) {
                case 't' -> {
                    if (limit - next < 4) {
                        throw cutAt(next);
                    }
                    int length = (int) INT.get(bytes, next);
                    next += 4;
                    if (length < 0 || length > limit - next) {
                        throw cutAt(next);
                    }
                    bounds[2 * i] = next;
                    next += length;
                    bounds[2 * i + 1] = next;
                }
                case 'n' -> bounds[2 * i] = keyOnly && !identity[i] ? Row.ABSENT : Row.NULL;
                case 'u' -> {
                    if (old != null && old.start(i) >= 0) {
                        bounds[2 * i] = old.start(i);
                        bounds[2 * i + 1] = old.end(i);
                    } else {
                        bounds[2 * i] = Row.UNAVAILABLE;
                    }
                }
                case 'b' -> {
                    at = next;
                    throw new MalformedMessage("holds a binary value, which was not asked for");
                }
                default -> {
                    at = next;
                    throw new MalformedMessage("holds a value of unknown form");
                }
            }
        }
        at = next;
        return new Row(bytes, bounds);
    }

    /** For errors: the kind of the message and how far it was read. */
    String describe() {
        String type = from == end ? "no type" : "type " + printable(data[from]);
        return "a message of " + type + ", read up to byte " + (at - from) + " of " + (end - from) + ",";
    }

    private static String printable(byte type) {
        return type > ' ' && type < 0x7F ? "'" + (char) type + "'" : "0x%02x".formatted(type & 0xFF);
    }

    private void need(int bytes) {
        if (end - at < bytes) {
            throw cutAt(at);
        }
    }

    private MalformedMessage cutAt(int offset) {
        at = offset;
        return new MalformedMessage("ends too early");
    }
}
