package io.deltaforge.source.postgres;

import io.deltaforge.spi.Secret;
import io.deltaforge.spi.Setting;
import java.util.List;
import java.util.regex.Pattern;

/** The settings of {@code type: postgres}. */
public record PostgresSourceConfig(
        @Setting(doc = "Name of the source in events, metrics and logs.")
        String id,

        @Setting(
                doc = "Where the database is, as libpq writes it: postgres://user:password@host:5432/database?sslmode="
                        + "verify-full&sslrootcert=/etc/ssl/ca.pem. The user needs the REPLICATION right.")
        Secret dsn,

        @Setting(doc = "Name of the logical replication slot. It makes the server keep the log until it was delivered.")
        String slot,

        @Setting(doc = "Name of the publication, which says what the server sends.")
        String publication,

        @Setting(
                doc = "The tables to capture: schema.table, with % for any number of characters in either part, or *"
                        + " for all. Names are case-sensitive; put a part that holds a dot in double quotes.")
        List<String> tables,

        @Setting(
                doc = "Where to begin when there is no checkpoint yet: earliest (all that the slot holds), latest"
                        + " (from now on) or {lsn: \"0/16B3748\"}.",
                value = "earliest")
        StartPosition startPosition,

        @Setting(doc = "Create the publication and the slot when they do not exist.", value = "true")
        boolean create,

        @Setting(
                doc = "What to do when the slot is gone although there is a checkpoint, which means that changes were"
                        + " lost: fail, or recreate the slot and go on without them.",
                value = "fail")
        OnMissingSlot onMissingSlot) {

    /** What to do when the log since the checkpoint can no longer be had. */
    public enum OnMissingSlot {
        FAIL,
        RECREATE
    }

    private static final Pattern SLOT = Pattern.compile("[a-z0-9_]{1,63}");

    public PostgresSourceConfig {
        tables = List.copyOf(tables);
        require(!id.isBlank(), "id must not be empty");
        require(
                SLOT.matcher(slot).matches(),
                "slot: PostgreSQL allows a-z, 0-9 and _ in a slot's name, and at most 63 of them; '" + slot + "' is not"
                        + " such a name");
        require(!publication.isBlank(), "publication must not be empty");
        Dsn.parse(dsn.reveal());
        TableFilter.parse(tables);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
