package io.deltaforge.source.postgres;

import io.deltaforge.event.Event;
import io.deltaforge.event.Message;
import io.deltaforge.event.Op;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Transaction;
import io.deltaforge.spi.Failure;
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
    private final MessageReader in = new MessageReader();
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
        in.open(message, from, to);
        this.lsn = messageLsn;
        this.sentMicros = sentAtMicros;
        try {
            dispatch(in.u8());
        } catch (MalformedMessage e) {
            throw new Failure.Fatal(describe(e.problem()), e);
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
            default -> throw new MalformedMessage("is of a type that protocol version 1 does not have");
        }
    }

    private void begin() {
        long finalLsn = in.i64();
        long commitMicros = in.i64() + POSTGRES_EPOCH_MICROS;
        long xid = in.i32() & 0xFFFF_FFFFL;
        in.finished();
        if (transaction != null) {
            throw new MalformedMessage("begins a transaction inside of another, " + describe(transaction));
        }
        transaction = new Transaction(source, xid, commitMicros, finalLsn, previousCommit, new PgPosition(finalLsn));
        ordinal = 0;
    }

    private void commit() {
        in.u8(); // flags, unused
        long commitLsn = in.i64();
        long endLsn = in.i64();
        in.i64(); // the commit's time, known since Begin
        in.finished();
        Transaction ending = open();
        if (commitLsn != ending.lsn() || Long.compareUnsigned(endLsn, commitLsn) <= 0) {
            throw new MalformedMessage("ends a commit at " + PgPosition.text(commitLsn) + " up to "
                    + PgPosition.text(endLsn) + ", inside of " + describe(ending));
        }
        transaction = null;
        previousCommit = commitLsn;
        output.commit(new PgPosition(endLsn));
    }

    private void insert() {
        Relation relation = relationOf(in.i32());
        in.expect('N');
        Row after = in.tuple(relation, false, null);
        in.finished();
        emit(Op.CREATE, relation, null, after);
    }

    private void update() {
        Relation relation = relationOf(in.i32());
        int kind = in.u8();
        Row before = null;
        if (kind == 'K' || kind == 'O') {
            before = in.tuple(relation, kind == 'K', null);
            kind = in.u8();
        }
        if (kind != 'N') {
            throw new MalformedMessage("has no new row");
        }
        Row after = in.tuple(relation, false, before);
        in.finished();
        emit(Op.UPDATE, relation, before, after);
    }

    private void delete() {
        Relation relation = relationOf(in.i32());
        int kind = in.u8();
        if (kind != 'K' && kind != 'O') {
            throw new MalformedMessage("has no old row");
        }
        Row before = in.tuple(relation, kind == 'K', null);
        in.finished();
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
        int count = in.i32();
        in.u8(); // CASCADE, RESTART IDENTITY
        if (count < 0 || in.remaining() != 4L * count) {
            throw new MalformedMessage("lists " + count + " tables in " + in.remaining() + " bytes");
        }
        open();
        int list = in.offset();
        for (int i = 0; i < count; i++) {
            relationOf(in.i32());
        }
        in.finished();
        in.backTo(list);
        for (int i = 0; i < count; i++) {
            emit(Op.TRUNCATE, relationOf(in.i32()), null, null);
        }
    }

    private void message() {
        int flags = in.u8();
        long messageLsn = in.i64();
        String prefix = in.string();
        byte[] content = in.bytes(in.i32());
        in.finished();
        if ((flags & 1) != 0) {
            output.event(new Message(open(), messageLsn, ordinal++, true, prefix, content));
            return;
        }
        if (transaction != null) {
            throw new MalformedMessage(
                    "stands outside of any transaction, yet comes inside of " + describe(transaction));
        }
        Transaction own = new Transaction(
                source, 0, sentMicros + POSTGRES_EPOCH_MICROS, messageLsn, previousCommit, new PgPosition(messageLsn));
        output.event(new Message(own, messageLsn, 0, false, prefix, content));
        // the server skips what starts before the place from which it is asked to send
        output.commit(new PgPosition(messageLsn + 1));
    }

    private void relation() throws Failure {
        int id = in.i32();
        String schema = in.string();
        String table = in.string();
        char replicaIdentity = (char) in.u8();
        int count = in.u16();
        // a column takes 10 bytes or more
        if (id == 0 || 10 * count > in.remaining()) {
            throw new MalformedMessage(
                    "describes table " + id + " with " + count + " columns in " + in.remaining() + " bytes");
        }
        String[] columns = new String[count];
        int[] typeOids = new int[count];
        int[] typeModifiers = new int[count];
        boolean[] identity = new boolean[count];
        for (int i = 0; i < count; i++) {
            identity[i] = (in.u8() & 1) != 0;
            columns[i] = in.string();
            typeOids[i] = in.i32();
            typeModifiers[i] = in.i32();
        }
        in.finished();
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
        in.i32();
        in.string();
        in.string();
        in.finished();
    }

    private void origin() {
        in.i64();
        in.string();
        in.finished();
    }

    private Relation relationOf(int id) {
        Relation last = lastRelation;
        if (last != null && last.id() == id) {
            return last;
        }
        Relation relation = known.get(id);
        if (relation == null) {
            throw new MalformedMessage(
                    "is about table " + Integer.toUnsignedString(id) + ", which was never described");
        }
        lastRelation = relation;
        return relation;
    }

    private Transaction open() {
        Transaction current = transaction;
        if (current == null) {
            throw new MalformedMessage("comes outside of any transaction");
        }
        return current;
    }

    private String describe(String problem) {
        Transaction within = transaction;
        long place = lsn != 0 || within == null ? lsn : within.lsn();
        return "The server sent something that is not pgoutput protocol version 1: at LSN " + PgPosition.text(place)
                + " " + in.describe() + " " + problem + (within == null ? "" : " (in " + describe(within) + ")") + ".";
    }

    private static String describe(Transaction transaction) {
        return "transaction " + transaction.id() + " committed at " + PgPosition.text(transaction.lsn());
    }
}
