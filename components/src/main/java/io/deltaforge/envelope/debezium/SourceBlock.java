package io.deltaforge.envelope.debezium;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.event.Event;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Transaction;
import io.deltaforge.spi.Digits;
import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.FieldName;
import org.jspecify.annotations.Nullable;

/**
 * Writes the {@code source} block with the fields of Debezium's PostgreSQL connector, in its order. Confined to one
 * thread.
 */
final class SourceBlock {
    private static final FieldName VERSION = new FieldName("version");
    private static final FieldName CONNECTOR = new FieldName("connector");
    private static final FieldName NAME = new FieldName("name");
    private static final FieldName SNAPSHOT = new FieldName("snapshot");
    private static final FieldName DB = new FieldName("db");
    private static final FieldName SEQUENCE = new FieldName("sequence");
    private static final FieldName SCHEMA = new FieldName("schema");
    private static final FieldName TABLE = new FieldName("table");
    private static final FieldName TX_ID = new FieldName("txId");
    private static final FieldName LSN = new FieldName("lsn");
    private static final FieldName XMIN = new FieldName("xmin");

    private static final byte[] TRUE = "true".getBytes(UTF_8);
    private static final byte[] FALSE = "false".getBytes(UTF_8);
    private static final byte[] NO_LSN = "null".getBytes(UTF_8);

    private static final byte[] OUR_VERSION = ourVersion().getBytes(UTF_8);

    private final byte[] sequence = new byte[2 * Digits.MAX_LENGTH + 8];
    private final Moment commit = new Moment();
    private long sequencePrevious;
    private int lsnStart = fillPrevious(0);
    private @Nullable Source source;

    /** The names of a source in UTF-8. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Source(SourceInfo info, byte[] connector, byte[] name, byte[] database) {
        static Source of(SourceInfo info) {
            return new Source(
                    info,
                    info.connector().getBytes(UTF_8),
                    info.id().getBytes(UTF_8),
                    info.database().getBytes(UTF_8));
        }
    }

    /**
     * Writes the block as a value.
     *
     * @param schema in UTF-8, empty for an event of no table; so is {@code table}
     * @param snapshot whether the event was read in a snapshot
     * @param inTransaction false for an event that has no transaction number
     */
    void write(Event event, byte[] schema, byte[] table, boolean snapshot, boolean inTransaction, DocumentWriter out) {
        Transaction transaction = event.transaction();
        Source names = source(transaction.source());
        commit.set(transaction.commitMicros());
        int sequenceLength = fillSequence(transaction.previousLsn(), event.lsn());
        out.beginObject();
        text(VERSION, OUR_VERSION, out);
        text(CONNECTOR, names.connector(), out);
        text(NAME, names.name(), out);
        commit.writeMillis(out);
        text(SNAPSHOT, snapshot ? TRUE : FALSE, out);
        text(DB, names.database(), out);
        out.name(SEQUENCE);
        out.text(sequence, 0, sequenceLength);
        commit.writeMicrosAndNanos(out);
        text(SCHEMA, schema, out);
        text(TABLE, table, out);
        out.name(TX_ID);
        if (inTransaction) {
            out.number(transaction.id());
        } else {
            out.nul();
        }
        out.name(LSN);
        out.number(sequence, lsnStart, sequenceLength - 2);
        out.name(XMIN);
        out.nul();
        out.endObject();
    }

    @SuppressWarnings("ReferenceEquality") // one object a source
    private Source source(SourceInfo info) {
        Source known = source;
        if (known == null || known.info() != info) {
            known = Source.of(info);
            source = known;
        }
        return known;
    }

    /** {@code ["lsn of the last commit","lsn"]}, a JSON array that Debezium writes as text. */
    private int fillSequence(long previousLsn, long lsn) {
        if (previousLsn != sequencePrevious) {
            sequencePrevious = previousLsn;
            lsnStart = fillPrevious(previousLsn);
        }
        int at = Digits.put(lsn, sequence, lsnStart);
        sequence[at++] = '"';
        sequence[at++] = ']';
        return at;
    }

    /** Writes what stands before the digits of the event's own lsn and returns where they begin. */
    private int fillPrevious(long previousLsn) {
        int at = 0;
        sequence[at++] = '[';
        if (previousLsn == 0) {
            System.arraycopy(NO_LSN, 0, sequence, at, NO_LSN.length);
            at += NO_LSN.length;
        } else {
            sequence[at++] = '"';
            at = Digits.put(previousLsn, sequence, at);
            sequence[at++] = '"';
        }
        sequence[at++] = ',';
        sequence[at++] = '"';
        return at;
    }

    private static void text(FieldName name, byte[] utf8, DocumentWriter out) {
        out.name(name);
        out.text(utf8, 0, utf8.length);
    }

    private static String ourVersion() {
        String version = SourceBlock.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
