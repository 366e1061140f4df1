package io.deltaforge.source.postgres;

import io.deltaforge.event.Table;

/**
 * What the last Relation message said of a table.
 *
 * @param id the table's object identifier
 * @param identity for each column, whether it belongs to the replica identity
 * @param captured false for a table that the publication holds but the pipeline does not ask for
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
record Relation(int id, Table table, boolean[] identity, boolean captured) {

    /** A Relation message, pgoutput, as it came. */
    @SuppressWarnings("ArrayRecordComponent")
    record Description(
            int id,
            String schema,
            String table,
            char replicaIdentity,
            String[] columns,
            int[] typeOids,
            int[] typeModifiers,
            boolean[] identity) {}
}
