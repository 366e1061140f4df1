package io.deltaforge.event;

/** What happened to a row. */
public enum Op {
    CREATE("c"),
    UPDATE("u"),
    DELETE("d"),
    /** The row as a snapshot found it. */
    READ("r"),
    TRUNCATE("t");

    private final String code;

    Op(String code) {
        this.code = code;
    }

    /** The one-letter code that Debezium made customary. */
    public String code() {
        return code;
    }
}
