package io.deltaforge.envelope.debezium;

/** Debezium's {@code decimal.handling.mode}. */
public enum DecimalHandling {
    /** The unscaled number as big-endian bytes, in base64: no digit is lost, and none can be read by eye. */
    PRECISE,
    /** The digits as text. */
    STRING,
    /** A JSON number. */
    DOUBLE
}
