package io.deltaforge.reliability;

import java.sql.SQLException;
import org.sqlite.SQLiteException;

/** The journal cannot be read or written: disk full, file damaged, rights, or another process that holds it too long. */
public final class JournalException extends RuntimeException {
    private final boolean isBusy;

    JournalException(String message, SQLException cause) {
        super(message + ": " + cause.getMessage(), cause);
        isBusy = cause instanceof SQLiteException sqlite
                && switch (sqlite.getResultCode()) {
                    case SQLITE_BUSY, SQLITE_BUSY_RECOVERY, SQLITE_BUSY_SNAPSHOT, SQLITE_LOCKED -> true;
                    default -> false;
                };
    }

    /** True when another process holds the file: later it will work. */
    boolean isBusy() {
        return isBusy;
    }
}
