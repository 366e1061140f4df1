package io.deltaforge.source.postgres;

import io.deltaforge.spi.Setting;

/** Where a pipeline without a checkpoint begins: {@code earliest}, {@code latest} or {@code {lsn: "0/16B3748"}}. */
public sealed interface StartPosition {

    /** Everything that the slot still holds; for a slot that is created now, everything from now on. */
    record Earliest() implements StartPosition {}

    /** What is committed from now on, whatever the slot still holds. */
    record Latest() implements StartPosition {}

    /** Transactions whose commit lies at this place of the log or after it. */
    record AtLsn(
            @Setting(doc = "A place in the log as PostgreSQL prints it, e.g. \"0/16B3748\".")
            String lsn) implements StartPosition {
        public AtLsn {
            PgPosition.parse(lsn);
        }

        PgPosition position() {
            return PgPosition.parse(lsn);
        }
    }

    static StartPosition parse(String text) {
        return switch (text) {
            case "earliest" -> new Earliest();
            case "latest" -> new Latest();
            default ->
                throw new IllegalArgumentException(
                        "start_position is earliest, latest or {lsn: \"0/16B3748\"}, not '" + text + "'");
        };
    }
}
