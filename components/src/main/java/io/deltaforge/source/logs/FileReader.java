package io.deltaforge.source.logs;

import io.deltaforge.event.LogStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.Objects;

/**
 * Reads a piece of a file and hands on the lines in it. What is no whole line yet stays in the file: it is read again when
 * there is more of it, so that nothing has to be kept. Confined to the source thread.
 */
final class FileReader {
    static final int CHUNK_BYTES = 256 * 1024;

    private final int maxLineBytes;
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
        ABSENT
    }

    /** Knows which file it is. */
    interface Registry {
        /** Sets the file's slot and where its reading begins. It begins with the {@code count} bytes of {@code head}. */
        void identify(FollowedFile file, byte[] head, int count, FileChannel channel) throws IOException;
    }

    FileReader(int maxLineBytes, OpenFiles open, Outlet outlet) {
        this.maxLineBytes = maxLineBytes;
        this.open = open;
        this.outlet = outlet;
    }

    /**
     * Finds out which file it is; without effect where it is empty or absent.
     *
     * @throws IOException it cannot be read
     */
    void identify(FollowedFile file, Registry registry) throws IOException {
        FileChannel channel = open.of(file);
        if (channel != null && file.slot == null) {
            file.size = channel.size();
            identify(file, channel, registry);
        }
    }

    /**
     * @param flush true when what is left is to be handed on even if it is no whole line
     * @throws IOException it cannot be read
     */
    Outcome read(FollowedFile file, boolean flush, Registry registry) throws IOException {
        FileChannel channel = open.of(file);
        if (channel == null) {
            return Outcome.ABSENT;
        }
        file.size = channel.size();
        if (file.slot == null && !identify(file, channel, registry)) {
            return Outcome.CAUGHT_UP;
        }
        if (file.size < file.offset) {
            return Outcome.REPLACED;
        }
        if (file.size == file.offset) {
            boolean same = !file.suspect || isStill(file, channel);
            file.suspect = false;
            return same ? Outcome.CAUGHT_UP : Outcome.REPLACED;
        }
        return file.searched > 0 ? searchEnd(file, channel, flush) : readLines(file, channel, flush);
    }

    /** False when there is nothing yet to know it by. */
    private boolean identify(FollowedFile file, FileChannel channel, Registry registry) throws IOException {
        int count = readFully(channel, head, 0, head.length, 0);
        if (count == 0) {
            return false;
        }
        registry.identify(file, head, count, channel);
        FileTable.Slot slot = Objects.requireNonNull(file.slot);
        file.stream = new LogStream(
                slot.identity().text(), file.path.toString(), Map.of(), offset -> new FilePosition(slot, offset));
        file.midLine = file.offset > 0 && !endsLine(channel, file.offset);
        file.chunkBytes = CHUNK_BYTES;
        return true;
    }

    private static boolean endsLine(FileChannel channel, long offset) throws IOException {
        byte[] before = new byte[1];
        return readFully(channel, before, 0, 1, offset - 1) == 1 && before[0] == '\n';
    }

    private Outcome readLines(FollowedFile file, FileChannel channel, boolean flush) throws IOException {
        int length = (int) Math.min(file.chunkBytes, file.size - file.offset);
        byte[] data = new byte[length];
        if (readFully(channel, data, 0, length, file.offset) < length) {
            return Outcome.MORE; // truncated meanwhile, as the next look will show
        }
        if (!isStill(file, channel)) {
            return Outcome.REPLACED;
        }
        boolean atEnd = file.offset + length == file.size;
        int lines = Newlines.last(data, 0, length) + 1;
        if (lines > 0) {
            handOn(file, data, lines);
            file.chunkBytes = CHUNK_BYTES;
            return !atEnd || (flush && lines < length)
                    ? Outcome.MORE
                    : lines < length ? Outcome.PARTIAL : Outcome.CAUGHT_UP;
        }
        if (length > maxLineBytes) {
            file.searched = file.offset + length;
            return atEnd && !flush ? Outcome.PARTIAL : Outcome.MORE;
        }
        if (!atEnd) {
            file.chunkBytes = Math.min(length * 2, maxLineBytes + 1);
            return Outcome.MORE;
        }
        if (flush) {
            handOnPartial(file, data, length, file.size);
            return Outcome.CAUGHT_UP;
        }
        return Outcome.PARTIAL;
    }

    /** @param length of whole lines */
    private void handOn(FollowedFile file, byte[] data, int length) {
        long base = file.offset;
        outlet.begin(file, base + length);
        int start = file.midLine ? lineEndLength(data, length) : 0;
        file.midLine = false;
        while (start < length) {
            int feed = Newlines.next(data, start, length);
            int end = feed > start && data[feed - 1] == '\r' ? feed - 1 : feed;
            boolean truncated = end - start > maxLineBytes;
            outlet.entry(data, start, truncated ? start + maxLineBytes : end, base + start, base + feed + 1, truncated);
            start = feed + 1;
        }
        outlet.reached(file, base + length);
    }

    /** Of an entry that was handed on before its line's end came, this may be all there is left. */
    private static int lineEndLength(byte[] data, int length) {
        if (data[0] == '\n') {
            return 1;
        }
        return length > 1 && data[0] == '\r' && data[1] == '\n' ? 2 : 0;
    }

    private void handOnPartial(FollowedFile file, byte[] data, int length, long next) {
        outlet.begin(file, next);
        outlet.entry(data, 0, Math.min(length, maxLineBytes), file.offset, next, length > maxLineBytes);
        outlet.reached(file, next);
        file.midLine = true;
    }

    /** Goes on looking for the end of a line that is too long, without keeping it. */
    private Outcome searchEnd(FollowedFile file, FileChannel channel, boolean flush) throws IOException {
        int length = (int) Math.min(CHUNK_BYTES, file.size - file.searched);
        byte[] data = new byte[Math.max(0, length)];
        int count = readFully(channel, data, 0, data.length, file.searched);
        if (!isStill(file, channel)) {
            return Outcome.REPLACED;
        }
        int feed = Newlines.next(data, 0, count);
        file.searched += feed < 0 ? count : feed + 1;
        boolean atEnd = file.searched >= file.size;
        if (feed < 0 && !(atEnd && flush)) {
            return atEnd ? Outcome.PARTIAL : Outcome.MORE;
        }
        byte[] beginning = new byte[maxLineBytes + 1];
        if (readFully(channel, beginning, 0, beginning.length, file.offset) < beginning.length
                || !isStill(file, channel)) {
            return Outcome.REPLACED;
        }
        handOnPartial(file, beginning, beginning.length, file.searched);
        file.midLine = feed < 0;
        file.searched = 0;
        file.chunkBytes = CHUNK_BYTES;
        return atEnd ? Outcome.CAUGHT_UP : Outcome.MORE;
    }

    /** True when it begins as it did; asked after reading, so that what was read is what it was taken for. */
    private boolean isStill(FollowedFile file, FileChannel channel) throws IOException {
        FileTable.Slot slot = Objects.requireNonNull(file.slot);
        Fingerprint known = slot.fingerprint();
        boolean grown = !known.isWhole() && file.size >= Fingerprint.MOST_BYTES;
        int count = readFully(channel, head, 0, grown ? head.length : known.length(), 0);
        if (!known.matches(head, count)) {
            return false;
        }
        if (count == head.length && grown) {
            slot.recogniseBy(Fingerprint.of(head, count));
        }
        return true;
    }

    /** How many bytes there were, up to {@code length}. */
    static int readFully(FileChannel channel, byte[] into, int from, int length, long offset) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into, from, length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position() - from) < 0) {
                break;
            }
        }
        return buffer.position() - from;
    }
}
