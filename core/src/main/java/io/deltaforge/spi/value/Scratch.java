package io.deltaforge.spi.value;

/** A buffer reused from value to value; one huge value does not keep its memory. Confined to one thread. */
public final class Scratch {
    private static final int KEPT_BYTES = 64 * 1024;

    private byte[] bytes = new byte[64];

    /** A buffer of at least this size; its content is whatever was there. */
    public byte[] ofSize(int size) {
        if (size > KEPT_BYTES) {
            return new byte[size];
        }
        if (size > bytes.length) {
            bytes = new byte[Math.min(KEPT_BYTES, Math.max(size, 2 * bytes.length))];
        }
        return bytes;
    }
}
