package io.deltaforge.source.logs;

import java.io.EOFException;
import java.io.IOException;
import java.util.Objects;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a piece of a file and hands on the lines in it. What is no whole line yet stays in the file: it is read again when
 * there is more of it, so that nothing has to be kept. Confined to the source thread.
 */
final class FileReader {
    static final int CHUNK_BYTES = 256 * 1024;

    /** How many bytes it takes in UTF-8. */
    private static final int BYTE_ORDER_MARK = 3;

    private final int maxLineBytes;
    private final LogsSourceConfig.Encoding encoding;
    private final @Nullable Composer composer;
    private final OpenFiles open;
    private final Outlet outlet;
    private final byte[] head = new byte[Fingerprint.MOST_BYTES];

    /** What came of it. */
    enum Outcome {
        /** There is more to read at once. */
        MORE,
        /** Everything was handed on. */
        CAUGHT_UP,
        /** What is left is no whole line. */
        PARTIAL,
        /** Another file stands in its place, or new content in the file. */
        REPLACED,
        /** It is not where it was. */
        ABSENT,
        /** It is compressed, and not whole, or not yet. */
        UNFINISHED
    }

    /** What is to be handed on although more may come. */
    enum Flush {
        NOTHING,
        /** Entries of several lines. */
        LINES,
        /** A last line without its end too. */
        ALL
    }

    /** Knows which file it is. */
    interface Registry {
        /**
         * Sets the file's slot and where its reading begins, or leaves it for later. It begins with the {@code count} bytes
         * of {@code head}.
         */
        void identify(FollowedFile file, byte[] head, int count, Content content) throws IOException;
    }

    FileReader(LogsSourceConfig config, OpenFiles open, Outlet outlet) {
        this.maxLineBytes = config.maxLineBytes();
        this.encoding = config.encoding();
        this.composer = config.isPlain() ? null : new Composer(config);
        this.open = open;
        this.outlet = outlet;
    }

    /**
     * Finds out which file it is; without effect where it is empty or absent.
     *
     * @throws IOException it cannot be read
     */
    void identify(FollowedFile file, Registry registry) throws IOException {
        try {
            Content content = open.of(file);
            if (content == null) {
                file.readInVain();
            } else if (file.slot == null) {
                file.hasSize(content.size());
                identify(file, content, registry);
            }
        } catch (IOException e) {
            if (!isUnfinished(file, e)) {
                file.readInVain();
                throw e;
            }
        }
    }

    /**
     * Reads a piece; of a file that is over to its end, whatever {@code flush} says.
     *
     * @throws IOException it cannot be read
     */
    Outcome read(FollowedFile file, Flush flush, Registry registry) throws IOException {
        try {
            Outcome outcome = readSome(file, flush, registry);
            if (outcome == Outcome.ABSENT) {
                file.readInVain(); // renamed since it was seen, maybe, and under its next name it looks no different
            }
            return outcome;
        } catch (IOException e) {
            if (isUnfinished(file, e)) {
                return file.gone ? Outcome.ABSENT : Outcome.UNFINISHED;
            }
            file.readInVain(); // it may be allowed later, which changes neither its size nor its time
            throw e;
        }
    }

    /** True while it is still being compressed, or when that broke off. */
    private static boolean isUnfinished(FollowedFile file, IOException e) {
        return file.isGzip() && (e instanceof EOFException || e instanceof ZipException);
    }

    private Outcome readSome(FollowedFile file, Flush asked, Registry registry) throws IOException {
        Content content = open.of(file);
        if (content == null) {
            return Outcome.ABSENT;
        }
        Flush flush = file.over ? Flush.ALL : asked;
        file.hasSize(content.size());
        if (file.slot == null && !identify(file, content, registry)) {
            return Outcome.CAUGHT_UP;
        }
        if (file.size < file.offset) {
            return Outcome.REPLACED;
        }
        if (file.size == file.offset) {
            boolean same = !file.suspect || isStill(file, content);
            file.suspect = false;
            return same ? Outcome.CAUGHT_UP : Outcome.REPLACED;
        }
        return file.searched > 0 ? searchEnd(file, content, flush == Flush.ALL) : readLines(file, content, flush);
    }

    /** False when it is not to be known yet. */
    private boolean identify(FollowedFile file, Content content, Registry registry) throws IOException {
        int count = content.read(head, head.length, 0);
        file.ends = encoding != LogsSourceConfig.Encoding.UTF16
                ? LineEnds.BYTES
                : count >= 2 && head[0] == (byte) 0xfe && head[1] == (byte) 0xff
                        ? LineEnds.UTF16_BIG
                        : LineEnds.UTF16_LITTLE;
        if (count < file.ends.width()) {
            return false;
        }
        registry.identify(file, head, count, content);
        if (file.slot == null) {
            return false;
        }
        file.midLine = file.offset > 0 && !endsLine(file.ends, content, file.offset);
        file.chunkBytes = CHUNK_BYTES;
        return true;
    }

    private static boolean endsLine(LineEnds ends, Content content, long offset) throws IOException {
        byte[] before = new byte[ends.width()];
        return content.read(before, before.length, offset - before.length) == before.length && ends.isFeed(before, 0);
    }

    private Outcome readLines(FollowedFile file, Content content, Flush flush) throws IOException {
        int length = (int) Math.min(file.chunkBytes, file.size - file.offset);
        byte[] data = new byte[length];
        if (content.read(data, length, file.offset) < length) {
            return Outcome.MORE; // truncated meanwhile, as the next look will show
        }
        if (!isStill(file, content)) {
            return Outcome.REPLACED;
        }
        boolean atEnd = file.offset + length == file.size;
        int lines = file.ends.whole(data, length);
        if (composer != null) {
            return compose(composer, file, data, lines, atEnd, flush);
        }
        if (lines > 0) {
            handOn(file, data, lines);
            file.chunkBytes = CHUNK_BYTES;
            return !atEnd || (flush == Flush.ALL && lines < length)
                    ? Outcome.MORE
                    : lines < length ? Outcome.PARTIAL : Outcome.CAUGHT_UP;
        }
        if (length > maxLineBytes) {
            file.searched = file.offset + length;
            return atEnd && flush != Flush.ALL ? Outcome.PARTIAL : Outcome.MORE;
        }
        if (!atEnd) {
            file.chunkBytes = Math.min(length * 2, maxLineBytes + 1);
            return Outcome.MORE;
        }
        if (flush == Flush.ALL) {
            handOnPartial(file, data, length, file.size);
            return Outcome.CAUGHT_UP;
        }
        return Outcome.PARTIAL;
    }

    /** @param lines how many of the bytes are whole lines */
    private Outcome compose(Composer how, FollowedFile file, byte[] data, int lines, boolean atEnd, Flush flush) {
        boolean whole = lines == data.length;
        boolean tooLong = data.length >= mostComposed();
        int half = file.over ? 0 : data.length % file.ends.width(); // of a character, else the rest would be read askew
        if (tooLong && lines == 0) {
            file.searched = file.offset + data.length - data.length % file.ends.width();
            return atEnd && flush != Flush.ALL ? Outcome.PARTIAL : Outcome.MORE;
        }
        boolean all = tooLong || (atEnd && flush == Flush.ALL);
        int length = all && !tooLong ? data.length - half : lines;
        Composed composed =
                how.compose(file, data, length, all || (atEnd && flush == Flush.LINES), beginning(file, data, length));
        int consumed = composed.consumed();
        if (consumed > 0) {
            composed.handOn(file, outlet, file.offset + consumed);
            file.midLine = consumed > lines;
            file.chunkBytes = CHUNK_BYTES;
            return !atEnd ? Outcome.MORE : consumed == data.length ? Outcome.CAUGHT_UP : Outcome.PARTIAL;
        }
        if (atEnd) {
            return whole && length == 0 ? Outcome.CAUGHT_UP : Outcome.PARTIAL;
        }
        file.chunkBytes = (int) Math.min(2L * data.length, mostComposed());
        return Outcome.MORE;
    }

    /** How many bytes of a file are read for an entry: as long as it may be, in UTF-16, and what it is wrapped in. */
    private int mostComposed() {
        return 2 * maxLineBytes + CHUNK_BYTES;
    }

    /** How many of the first bytes are no content: a byte order mark, or the rest of a line that was handed on. */
    private static int beginning(FollowedFile file, byte[] data, int length) {
        if (file.offset == 0) {
            boolean utf8 = length >= 3 && data[0] == (byte) 0xef && data[1] == (byte) 0xbb && data[2] == (byte) 0xbf;
            boolean utf16 = file.ends != LineEnds.BYTES
                    && length >= 2
                    && (data[0] & 0xff) + (data[1] & 0xff) == 0xff + 0xfe
                    && (data[0] == (byte) 0xff || data[0] == (byte) 0xfe);
            return utf8 ? 3 : utf16 ? 2 : 0;
        }
        if (!file.midLine || length < file.ends.width()) {
            return 0;
        }
        int width = file.ends.width();
        if (file.ends.isFeed(data, 0)) {
            return width;
        }
        return length >= 2 * width && file.ends.isReturn(data, 0) && file.ends.isFeed(data, width) ? 2 * width : 0;
    }

    /** @param length of whole lines */
    private void handOn(FollowedFile file, byte[] data, int length) {
        long base = file.offset;
        outlet.begin(file, base + length);
        int start = beginning(file, data, length);
        file.midLine = false;
        while (start < length) {
            int feed = Newlines.next(data, start, length);
            int end = feed > start && data[feed - 1] == '\r' ? feed - 1 : feed;
            boolean truncated = end - start > maxLineBytes;
            outlet.line(data, start, truncated ? start + maxLineBytes : end, base + start, base + feed + 1, truncated);
            start = feed + 1;
        }
        outlet.reached(file, base + length);
    }

    private void handOnPartial(FollowedFile file, byte[] data, int length, long next) {
        outlet.begin(file, next);
        int start = beginning(file, data, length);
        boolean truncated = length - start > maxLineBytes;
        outlet.line(data, start, truncated ? start + maxLineBytes : length, file.offset + start, next, truncated);
        outlet.reached(file, next);
        file.midLine = true;
    }

    /** Goes on looking for the end of a line that is too long, without keeping it. */
    private Outcome searchEnd(FollowedFile file, Content content, boolean flush) throws IOException {
        int width = file.ends.width();
        int length = (int) Math.min(CHUNK_BYTES, file.size - file.searched);
        byte[] data = new byte[Math.max(0, length)];
        int count = content.read(data, data.length, file.searched);
        if (!isStill(file, content)) {
            return Outcome.REPLACED;
        }
        int feed = file.ends.next(data, 0, count);
        int half = file.over ? 0 : count % width;
        file.searched += feed < 0 ? count - half : feed + width;
        boolean atEnd = file.searched + half >= file.size;
        if (feed < 0 && !(atEnd && flush)) {
            return atEnd ? Outcome.PARTIAL : Outcome.MORE;
        }
        int most = composer == null ? maxLineBytes + BYTE_ORDER_MARK : mostComposed();
        byte[] beginning = new byte[(int) Math.min(most + 1, file.searched - (feed < 0 ? 0 : width) - file.offset)];
        if (content.read(beginning, beginning.length, file.offset) < beginning.length || !isStill(file, content)) {
            return Outcome.REPLACED;
        }
        if (composer == null) {
            handOnPartial(file, beginning, beginning.length, file.searched);
        } else {
            composer.compose(file, beginning, beginning.length, true, beginning(file, beginning, beginning.length))
                    .handOn(file, outlet, file.searched);
        }
        file.midLine = feed < 0;
        file.searched = 0;
        file.chunkBytes = CHUNK_BYTES;
        return atEnd ? Outcome.CAUGHT_UP : Outcome.MORE;
    }

    /** True when it begins as it did; asked after reading, so that what was read is what it was taken for. */
    private boolean isStill(FollowedFile file, Content content) throws IOException {
        FileTable.Slot slot = Objects.requireNonNull(file.slot);
        Fingerprint known = slot.fingerprint();
        int wanted = known.isWhole() ? known.length() : (int) Math.min(head.length, file.size);
        int count = content.read(head, wanted, 0);
        if (!known.matches(head, count)) {
            return false;
        }
        if (count > known.length()) {
            slot.recogniseBy(Fingerprint.of(head, count));
        }
        return true;
    }
}
