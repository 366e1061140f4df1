package io.deltaforge.sink.file;

/** Numbers as gzip and zstd write them. */
final class LittleEndian {
    private LittleEndian() {}

    static long number(byte[] bytes, int from, int length) {
        long number = 0;
        for (int i = length - 1; i >= 0; i--) {
            number = number << 8 | (bytes[from + i] & 0xff);
        }
        return number;
    }
}
