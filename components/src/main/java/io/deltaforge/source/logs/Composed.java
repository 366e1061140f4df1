package io.deltaforge.source.logs;

import java.util.Arrays;

/** Entries made of a piece of a file, and how far they reach. Confined to the source thread. */
final class Composed {
    private byte[] bytes = {};
    private int length;
    private int count;
    private int settled;
    private int consumed;
    private int[] outputs = new int[64];
    private int[] ends = new int[64];
    private int[] nexts = new int[64];
    private long[] offsets = new long[64];
    private long[] times = new long[64];
    private boolean[] truncated = new boolean[64];

    void clear() {
        bytes = new byte[Math.max(1024, length)]; // what was handed on is the entries' now
        length = 0;
        count = 0;
        settled = 0;
        consumed = 0;
    }

    void add(int output, byte[] data, int size, long offset, long timeMicros, boolean cut) {
        if (count == outputs.length) {
            int more = count * 2;
            outputs = Arrays.copyOf(outputs, more);
            ends = Arrays.copyOf(ends, more);
            nexts = Arrays.copyOf(nexts, more);
            offsets = Arrays.copyOf(offsets, more);
            times = Arrays.copyOf(times, more);
            truncated = Arrays.copyOf(truncated, more);
        }
        if (length + size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + size));
        }
        System.arraycopy(data, 0, bytes, length, size);
        length += size;
        outputs[count] = output;
        ends[count] = length;
        offsets[count] = offset;
        times[count] = timeMicros;
        truncated[count] = cut;
        count++;
    }

    /** Nothing is open behind so many bytes of the piece. */
    void settle(int bytesOfPiece) {
        while (settled < count) {
            nexts[settled++] = bytesOfPiece;
        }
        consumed = bytesOfPiece;
    }

    /** How many bytes of the piece are in entries; what lies behind is to be read again. */
    int consumed() {
        return consumed;
    }

    /** @param next what lies behind them, of which the piece may be a beginning */
    void handOn(FollowedFile file, Outlet outlet, long next) {
        long base = file.offset;
        outlet.begin(file, next);
        int start = 0;
        for (int i = 0; i < settled; i++) {
            boolean mayCommit = i + 1 == settled || nexts[i + 1] != nexts[i];
            long behind = nexts[i] == consumed ? next : base + nexts[i];
            outlet.entry(outputs[i], bytes, start, ends[i], offsets[i], behind, times[i], truncated[i], mayCommit);
            start = ends[i];
        }
        outlet.reached(file, next);
    }
}
