package io.deltaforge.source.postgres;

import io.deltaforge.event.Position;

/**
 * A place in PostgreSQL's log.
 *
 * <p>A row's position is where its commit record starts, a checkpoint is where a commit record ends (or any later place
 * up to which the log was read). So a checkpoint covers exactly the transactions that the server skips when replication
 * starts there: those whose commit record starts before it.
 *
 * @param lsn the log sequence number, unsigned
 */
record PgPosition(long lsn) implements Position {

    /** Reads {@code 16/B374D848}: two hexadecimal numbers of 32 bits. */
    static PgPosition parse(String text) {
        int slash = text.indexOf('/');
        if (!isHex32(text, 0, slash) || !isHex32(text, slash + 1, text.length())) {
            throw new IllegalArgumentException("not an LSN: '" + text + "' (write it like 0/16B3748)");
        }
        return new PgPosition(
                Long.parseLong(text, 0, slash, 16) << 32 | Long.parseLong(text, slash + 1, text.length(), 16));
    }

    private static boolean isHex32(String text, int from, int to) {
        if (to - from < 1 || to - from > 8) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
                return false;
            }
        }
        return true;
    }

    static String text(long lsn) {
        return Long.toHexString(lsn >>> 32).toUpperCase(java.util.Locale.ROOT)
                + "/"
                + Long.toHexString(lsn & 0xFFFF_FFFFL).toUpperCase(java.util.Locale.ROOT);
    }

    boolean isAfter(PgPosition other) {
        return Long.compareUnsigned(lsn, other.lsn) > 0;
    }

    @Override
    public boolean covers(Position other) {
        return isAfter((PgPosition) other);
    }

    @Override
    public Position earliest(Position other) {
        return isAfter((PgPosition) other) ? other : this;
    }

    @Override
    public String text() {
        return text(lsn);
    }

    @Override
    public String toString() {
        return text();
    }
}
