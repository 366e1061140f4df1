package io.deltaforge.source.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.event.Event;
import io.deltaforge.event.Message;
import io.deltaforge.event.Op;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Transaction;
import io.deltaforge.spi.Failure;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns the messages of the {@code pgoutput} plugin (protocol version 1; PostgreSQL manual, "Logical Replication Message
 * Formats") into events. Confined to the source thread.
 *
 * <p>Rows keep the message's array. Every length is checked before it is believed: a message that is cut or broken
 * becomes a {@link Failure.Fatal} that says where, and nothing of it is handed on.
 */
final class PgOutputDecoder {

    /** Where decoded events go, in the order of the log. */
    interface Output {
        void event(Event event);

        /** All that was handed over so far lies before {@code end}, and so does the transaction that ends here. */
        void commit(PgPosition end);
    }

    /** Says what a table looks like, when the server announces it. */
    interface Relations {
        Relation relation(Relation.Description description) throws Failure;
    }

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** From 1970-01-01 to 2000-01-01, where PostgreSQL's timestamps start, in microseconds. */
    static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;

    private final SourceInfo source;
    private final Relations relations;
    private final Output output;

    private final RelationMap known = new RelationMap();
    private @Nullable Relation lastRelation;

    private @Nullable Transaction transaction;
    private int ordinal;
    private long previousCommit;

    // the message at hand
    private byte[] data = {};
    private int from;
    private int at;
    private int end;
    private long lsn;
    private long sentMicros;

    PgOutputDecoder(SourceInfo source, Relations relations, Output output) {
        this.source = source;
        this.relations = relations;
        this.output = output;
    }

    /** Forgets the transaction at hand: a new connection starts between transactions. */
    void reset() {
        transaction = null;
        previousCommit = 0;
    }

    boolean inTransaction() {
        return transaction != null;
    }

    /**
     * Decodes {@code message[from..to)}, which events may keep.
     *
     * @param messageLsn where the log holds the change; 0 for messages that stand for no place in the log
     * @param sentAtMicros the server's clock, microseconds since 2000-01-01
     * @throws Failure.Fatal the message is none that the protocol allows here
     */
    void decode(byte[] message, int from, int to, long messageLsn, long sentAtMicros) throws Failure {
        this.data = message;
        this.from = from;
        this.at = from;
        this.end = to;
        this.lsn = messageLsn;
        this.sentMicros = sentAtMicros;
        try {
            dispatch(u8());
        } catch (Malformed e) {
            throw new Failure.Fatal(describe(e.problem), e);
        }
    }

    private void dispatch(int type) throws Failure {
        switch (type) {
            case 'I' -> insert();
            case 'U' -> update();
            case 'D' -> delete();
            case 'B' -> begin();
            case 'C' -> commit();
            case 'R' -> relation();
            case 'T' -> truncate();
            case 'M' -> message();
            case 'Y' -> type();
            case 'O' -> origin();
            default -> throw new Malformed("is of a type that protocol version 1 does not have");
        }
    }

    private void begin() {
        long finalLsn = i64();
        long commitMicros = i64() + POSTGRES_EPOCH_MICROS;
        long xid = i32() & 0xFFFF_FFFFL;
        finished();
        if (transaction != null) {
            throw new Malformed("begins a transaction inside of another, " + describe(transaction));
        }
        transaction = new Transaction(source, xid, commitMicros, finalLsn, previousCommit, new PgPosition(finalLsn));
        ordinal = 0;
    }

    private void commit() {
        u8(); // flags, unused
        long commitLsn = i64();
        long endLsn = i64();
        i64(); // the commit's time, known since Begin
        finished();
        Transaction ending = open();
        if (commitLsn != ending.lsn() || Long.compareUnsigned(endLsn, commitLsn) <= 0) {
            throw new Malformed("ends a commit at " + PgPosition.text(commitLsn) + " up to " + PgPosition.text(endLsn)
                    + ", inside of " + describe(ending));
        }
        transaction = null;
        previousCommit = commitLsn;
        output.commit(new PgPosition(endLsn));
    }

    private void insert() {
        Relation relation = relationOf(i32());
        expect('N');
        Row after = tuple(relation, false, null);
        finished();
        emit(Op.CREATE, relation, null, after);
    }

    private void update() {
        Relation relation = relationOf(i32());
        int kind = u8();
        Row before = null;
        if (kind == 'K' || kind == 'O') {
            before = tuple(relation, kind == 'K', null);
            kind = u8();
        }
        if (kind != 'N') {
            throw new Malformed("has no new row");
        }
        Row after = tuple(relation, false, before);
        finished();
        emit(Op.UPDATE, relation, before, after);
    }

    private void delete() {
        Relation relation = relationOf(i32());
        int kind = u8();
        if (kind != 'K' && kind != 'O') {
            throw new Malformed("has no old row");
        }
        Row before = tuple(relation, kind == 'K', null);
        finished();
        emit(Op.DELETE, relation, before, null);
    }

    private void emit(Op op, Relation relation, @Nullable Row before, @Nullable Row after) {
        Transaction within = open();
        // counted whether captured or not: the number must not depend on the pipeline's settings
        int number = ordinal++;
        if (relation.captured()) {
            output.event(new RowChange(op, relation.table(), before, after, within, lsn, number));
        }
    }

    private void truncate() {
        int count = i32();
        u8(); // CASCADE, RESTART IDENTITY
        if (count < 0 || end - at != 4L * count) {
            throw new Malformed("lists " + count + " tables in " + (end - at) + " bytes");
        }
        open();
        int list = at;
        for (int i = 0; i < count; i++) {
            relationOf(i32());
        }
        finished();
        at = list;
        for (int i = 0; i < count; i++) {
            emit(Op.TRUNCATE, relationOf(i32()), null, null);
        }
    }

    private void message() {
        int flags = u8();
        long messageLsn = i64();
        String prefix = string();
        int length = i32();
        if (length < 0 || length > end - at) {
            throw new Malformed("has a content of " + length + " bytes");
        }
        byte[] content = Arrays.copyOfRange(data, at, at + length);
        at += length;
        finished();
        if ((flags & 1) != 0) {
            output.event(new Message(open(), messageLsn, ordinal++, true, prefix, content));
            return;
        }
        if (transaction != null) {
            throw new Malformed("stands outside of any transaction, yet comes inside of " + describe(transaction));
        }
        Transaction own = new Transaction(
                source, 0, sentMicros + POSTGRES_EPOCH_MICROS, messageLsn, previousCommit, new PgPosition(messageLsn));
        output.event(new Message(own, messageLsn, 0, false, prefix, content));
        // the server skips what starts before the place from which it is asked to send
        output.commit(new PgPosition(messageLsn + 1));
    }

    private void relation() throws Failure {
        int id = i32();
        String schema = string();
        String table = string();
        char replicaIdentity = (char) u8();
        int count = u16();
        // a column takes 10 bytes or more
        if (id == 0 || 10 * count > end - at) {
            throw new Malformed("describes table " + id + " with " + count + " columns in " + (end - at) + " bytes");
        }
        String[] columns = new String[count];
        int[] typeOids = new int[count];
        int[] typeModifiers = new int[count];
        boolean[] identity = new boolean[count];
        for (int i = 0; i < count; i++) {
            identity[i] = (u8() & 1) != 0;
            columns[i] = string();
            typeOids[i] = i32();
            typeModifiers[i] = i32();
        }
        finished();
        Relation relation = relations.relation(new Relation.Description(
                id,
                schema.isEmpty() ? "pg_catalog" : schema,
                table,
                replicaIdentity,
                columns,
                typeOids,
                typeModifiers,
                identity));
        known.put(relation);
        lastRelation = relation;
    }

    /** A type that is not built in; its name comes from the catalog instead. */
    private void type() {
        i32();
        string();
        string();
        finished();
    }

    private void origin() {
        i64();
        string();
        finished();
    }

    private Relation relationOf(int id) {
        Relation last = lastRelation;
        if (last != null && last.id() == id) {
            return last;
        }
        Relation relation = known.get(id);
        if (relation == null) {
            throw new Malformed("is about table " + Integer.toUnsignedString(id) + ", which was never described");
        }
        lastRelation = relation;
        return relation;
    }

    /**
     * Walks a tuple once and notes where each column lies.
     *
     * @param keyOnly whether only the replica identity was logged, the rest standing there as NULL
     * @param old where to take a value from that the new row does not repeat; it is in the same array
     */
    private Row tuple(Relation relation, boolean keyOnly, @Nullable Row old) {
        int count = u16();
        boolean[] identity = relation.identity();
        if (count != identity.length) {
            throw new Malformed("has " + count + " columns, but " + relation.table() + " has " + identity.length);
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
                    throw new Malformed("holds a binary value, which was not asked for");
                }
                default -> {
                    at = next;
                    throw new Malformed("holds a value of unknown form");
                }
            }
        }
        at = next;
        return new Row(bytes, bounds);
    }

    private Transaction open() {
        Transaction current = transaction;
        if (current == null) {
            throw new Malformed("comes outside of any transaction");
        }
        return current;
    }

    private int u8() {
        if (at >= end) {
            throw cutAt(at);
        }
        return data[at++] & 0xFF;
    }

    private void expect(int type) {
        if (u8() != type) {
            throw new Malformed("lacks the '" + (char) type + "' before the row");
        }
    }

    private int u16() {
        need(2);
        int value = (short) SHORT.get(data, at) & 0xFFFF;
        at += 2;
        return value;
    }

    private int i32() {
        need(4);
        int value = (int) INT.get(data, at);
        at += 4;
        return value;
    }

    private long i64() {
        need(8);
        long value = (long) LONG.get(data, at);
        at += 8;
        return value;
    }

    private String string() {
        int start = at;
        while (at < end) {
            if (data[at++] == 0) {
                return new String(data, start, at - 1 - start, UTF_8);
            }
        }
        throw cutAt(at);
    }

    private void need(int bytes) {
        if (end - at < bytes) {
            throw cutAt(at);
        }
    }

    private void finished() {
        if (at != end) {
            throw new Malformed("goes on after its end");
        }
    }

    private Malformed cutAt(int offset) {
        at = offset;
        return new Malformed("ends too early");
    }

    private String describe(String problem) {
        Transaction within = transaction;
        long place = lsn != 0 || within == null ? lsn : within.lsn();
        String type = from < end ? "'" + printable(data[from]) + "'" : "empty";
        return "The server sent something that is not pgoutput protocol version 1: at LSN " + PgPosition.text(place)
                + " a message of type " + type + " " + problem + " (offset " + (at - from) + " of " + (end - from)
                + (within == null ? "" : ", in " + describe(within)) + ").";
    }

    private static String printable(byte type) {
        return type > ' ' && type < 0x7F ? String.valueOf((char) type) : "0x%02x".formatted(type & 0xFF);
    }

    private static String describe(Transaction transaction) {
        return "transaction " + transaction.id() + " committed at " + PgPosition.text(transaction.lsn());
    }

    /** A message that breaks the protocol; never leaves this class. */
    private static final class Malformed extends RuntimeException {
        private final String problem;

        Malformed(String problem) {
            super(problem, null, false, false);
            this.problem = problem;
        }
    }
}
