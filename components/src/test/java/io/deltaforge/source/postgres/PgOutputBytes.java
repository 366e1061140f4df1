package io.deltaforge.source.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Messages of pgoutput, written as the PostgreSQL manual describes them. */
final class PgOutputBytes {
    /** Stands for an unchanged TOAST value. */
    static final String UNCHANGED = new String("unchanged");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    private interface Write {
        void to(DataOutputStream out) throws IOException;
    }

    private PgOutputBytes add(Write write) {
        try {
            write.to(out);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static PgOutputBytes message(char type) {
        return new PgOutputBytes().u8(type);
    }

    PgOutputBytes u8(int value) {
        return add(out -> out.writeByte(value));
    }

    PgOutputBytes u16(int value) {
        return add(out -> out.writeShort(value));
    }

    PgOutputBytes i32(int value) {
        return add(out -> out.writeInt(value));
    }

    PgOutputBytes i64(long value) {
        return add(out -> out.writeLong(value));
    }

    PgOutputBytes string(String value) {
        return add(out -> out.write(value.getBytes(UTF_8))).u8(0);
    }

    PgOutputBytes tuple(char kind, @Nullable String... values) {
        u8(kind).u16(values.length);
        for (String value : values) {
            if (value == null) {
                u8('n');
            } else if (isUnchanged(value)) {
                u8('u');
            } else {
                byte[] text = value.getBytes(UTF_8);
                u8('t').i32(text.length).add(out -> out.write(text));
            }
        }
        return this;
    }

    @SuppressWarnings("ReferenceEquality") // the marker is this object, not its text
    private static boolean isUnchanged(String value) {
        return value == UNCHANGED;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    PgOutputBytes add(String text) {
        return add(out -> out.write(text.getBytes(UTF_8)));
    }

    static byte[] begin(long finalLsn, int xid) {
        return message('B').i64(finalLsn).i64(1_000_000).i32(xid).bytes();
    }

    static byte[] commit(long commitLsn, long endLsn) {
        return message('C').u8(0).i64(commitLsn).i64(endLsn).i64(1_000_000).bytes();
    }

    /** A table with columns of type text; the first {@code keys} of them are the replica identity. */
    static byte[] relation(int id, String table, int keys, String... columns) {
        PgOutputBytes relation =
                message('R').i32(id).string("public").string(table).u8('d').u16(columns.length);
        for (int i = 0; i < columns.length; i++) {
            relation.u8(i < keys ? 1 : 0).string(columns[i]).i32(25).i32(-1);
        }
        return relation.bytes();
    }

    static byte[] insert(int relation, @Nullable String... values) {
        return message('I').i32(relation).tuple('N', values).bytes();
    }

    static byte[] logicalMessage(boolean transactional, long lsn, String prefix, String content) {
        byte[] text = content.getBytes(UTF_8);
        return message('M')
                .u8(transactional ? 1 : 0)
                .i64(lsn)
                .string(prefix)
                .i32(text.length)
                .add(out -> out.write(text))
                .bytes();
    }
}
