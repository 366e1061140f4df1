package io.deltaforge.source.logs;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes entries of lines that are not simply entries: in another encoding, wrapped by a container's runtime, or several to an
 * entry. Keeps nothing between two pieces of a file: what is not complete is left in the file and read again with more.
 * Confined to the source thread.
 *
 * <p>The two outputs of a container mix, so an entry may be complete while another that began before it is not. Such entries
 * wait for each other: a position lies only where none is open, and all of them have the same {@link
 * io.deltaforge.event.LogEntry#next}.
 */
final class Composer {
    private static final byte[] FEED = {'\n'};

    private final LogsSourceConfig.Encoding encoding;
    private final LineForm form;
    private final int maxBytes;
    private final @Nullable ByteText begins;
    private final @Nullable ByteText continues;

    /** One for each output of a program. */
    private final OpenEntry[] open = {new OpenEntry(), new OpenEntry(), new OpenEntry()};

    private final Composed composed = new Composed();

    /** An entry that is being put together. */
    private static final class OpenEntry {
        private byte[] bytes = new byte[256];
        private int length;
        private boolean begun;
        private boolean partial;
        private boolean truncated;
        private long offset;
        private long timeMicros;

        void begin(long at, long time) {
            begun = true;
            partial = false;
            truncated = false;
            length = 0;
            offset = at;
            timeMicros = time;
        }

        void add(byte[] data, int from, int to, int most) {
            int taken = Math.min(to - from, most - length);
            truncated |= taken < to - from;
            if (length + taken > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + taken));
            }
            System.arraycopy(data, from, bytes, length, taken);
            length += taken;
        }
    }

    Composer(LogsSourceConfig config) {
        this.encoding = config.encoding();
        this.form = new LineForm(config.format());
        this.maxBytes = config.maxLineBytes();
        LogsSourceConfig.Multiline multiline = config.multiline();
        String start = multiline == null ? null : multiline.start();
        String continuation = multiline == null ? null : multiline.continuation();
        this.begins = start == null ? null : new ByteText(start);
        this.continues = continuation == null ? null : new ByteText(continuation);
    }

    /**
     * Makes entries of the first {@code length} bytes.
     *
     * @param length of whole lines; with {@code flush} the last may be without its end
     * @param flush true when what is open is to be an entry as it is
     * @param skip how many of the bytes are no content
     */
    Composed compose(FollowedFile file, byte[] data, int length, boolean flush, int skip) {
        composed.clear();
        for (OpenEntry entry : open) {
            entry.begun = false;
        }
        LineEnds ends = file.ends;
        int start = skip;
        while (start < length) {
            int feed = ends.next(data, start, length);
            int next = feed < 0 ? length : feed + ends.width();
            int end = feed < 0 ? length : feed;
            if (feed > start && ends.isReturn(data, feed - ends.width())) {
                end -= ends.width();
            }
            line(file, data, start, end);
            start = next;
            if (nothingOpen()) {
                composed.settle(start);
            }
        }
        if (flush) {
            for (int output = 0; output < open.length; output++) {
                complete(output);
            }
            composed.settle(length);
        }
        return composed;
    }

    private void line(FollowedFile file, byte[] data, int from, int to) {
        if (encoding == LogsSourceConfig.Encoding.UTF8) {
            form.read(data, from, to);
        } else {
            byte[] text = Utf8Lines.of(encoding, file.ends, data, from, to);
            form.read(text, 0, text.length);
        }
        int output = form.output();
        OpenEntry entry = open[output];
        boolean goesOn = entry.begun && entry.partial;
        if (!goesOn && entry.begun && beginsEntry()) {
            complete(output);
        }
        if (!entry.begun) {
            entry.begin(file.offset + from, form.timeMicros());
        } else if (!goesOn) {
            entry.add(FEED, 0, 1, maxBytes);
        }
        entry.add(form.data(), form.start(), form.end(), maxBytes);
        entry.partial = form.isPartial();
        if (!entry.partial && begins == null && continues == null) {
            complete(output);
        }
    }

    private boolean beginsEntry() {
        if (begins != null) {
            return begins.isIn(form.data(), form.start(), form.end());
        }
        return continues == null || !continues.isIn(form.data(), form.start(), form.end());
    }

    private boolean nothingOpen() {
        for (OpenEntry entry : open) {
            if (entry.begun) {
                return false;
            }
        }
        return true;
    }

    private void complete(int output) {
        OpenEntry entry = open[output];
        if (entry.begun) {
            entry.begun = false;
            composed.add(output, entry.bytes, entry.length, entry.offset, entry.timeMicros, entry.truncated);
        }
    }
}
