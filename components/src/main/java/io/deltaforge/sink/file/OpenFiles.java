package io.deltaforge.sink.file;

import io.deltaforge.spi.storage.DurableFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The files being written, one for each stream. What is appended counts once it is acknowledged; what is not can be cut off
 * again. Confined to the thread that writes.
 */
final class OpenFiles {
    private final Disk disk;
    private final Framing framing;
    private final FileSinkConfig.Roll roll;
    private final int maxOpen;
    private final FinishedNames names;
    private final LongSupplier nanoClock;
    /** By stream; the one that has waited longest is first. */
    private final LinkedHashMap<String, OpenOne> files = new LinkedHashMap<>(16, 0.75f, true);

    OpenFiles(Disk disk, FileSinkConfig config, Clock clock, LongSupplier nanoClock) {
        this.disk = disk;
        this.framing = Framing.of(config.compression());
        this.roll = config.roll();
        this.maxOpen = config.maxOpenFiles();
        this.names = new FinishedNames(disk, clock);
        this.nanoClock = nanoClock;
    }

    private static final class OpenOne {
        final String finishedName;
        final DurableFile file;
        final long openedNanos;
        long length;
        long acknowledged;
        /** Whether there may be bytes beyond {@link #acknowledged}. */
        boolean ahead;

        OpenOne(String finishedName, DurableFile file, long openedNanos) {
            this.finishedName = finishedName;
            this.file = file;
            this.openedNanos = openedNanos;
        }
    }

    /** Adds lines to the stream's file, durably; when it throws, {@link #cutBack} is due. */
    void append(String stream, List<Lines> lines) throws IOException {
        OpenOne one = files.get(stream);
        if (one == null) {
            makeRoom();
            one = create(stream);
        }
        FrameBytes frame = new FrameBytes();
        try (OutputStream out = framing.frame(frame)) {
            for (Lines some : lines) {
                some.writeTo(out);
            }
        }
        one.ahead = true;
        one.file.write(frame.bytes(), frame.size(), one.length);
        one.file.force();
        one.length += frame.size();
    }

    private OpenOne create(String stream) throws IOException {
        String name = names.next(stream, framing.ending());
        OpenOne one = new OpenOne(name, disk.create(name + LeftOvers.OPEN), nanoClock.getAsLong());
        files.put(stream, one);
        return one;
    }

    private void makeRoom() throws IOException {
        while (files.size() >= maxOpen) {
            finish(files.keySet().iterator().next());
        }
    }

    /** Everything appended counts now. */
    void acknowledge() {
        for (OpenOne one : files.values()) {
            one.acknowledged = one.length;
            one.ahead = false;
        }
    }

    /** Cuts off what was appended and not acknowledged, a torn write too. */
    void cutBack() throws IOException {
        for (OpenOne one : files.values()) {
            cutBack(one);
        }
    }

    private static void cutBack(OpenOne one) throws IOException {
        if (one.ahead) {
            one.file.truncate(one.acknowledged);
            one.length = one.acknowledged;
            one.ahead = false;
        }
    }

    /** Finishes the files that are large or old enough. */
    void finishDue() throws IOException {
        long nowNanos = nanoClock.getAsLong();
        List<String> due = new ArrayList<>();
        for (Map.Entry<String, OpenOne> entry : files.entrySet()) {
            if (nanosLeft(entry.getValue(), nowNanos) <= 0) {
                due.add(entry.getKey());
            }
        }
        for (String stream : due) {
            finish(stream);
        }
    }

    /** How long until a file is to be finished; not more than 0 when one is due. */
    long nanosToNextDue() {
        long nowNanos = nanoClock.getAsLong();
        long least = Long.MAX_VALUE;
        for (OpenOne one : files.values()) {
            least = Math.min(least, nanosLeft(one, nowNanos));
        }
        return least;
    }

    private long nanosLeft(OpenOne one, long nowNanos) {
        return one.length >= roll.maxBytes() ? 0 : roll.maxAge().toNanos() - (nowNanos - one.openedNanos);
    }

    /** Finishes them all; what is not acknowledged is cut off. */
    void finishAll() throws IOException {
        cutBack();
        for (String stream : List.copyOf(files.keySet())) {
            finish(stream);
        }
    }

    @SuppressWarnings("NullAway") // asked only for streams that are open
    private void finish(String stream) throws IOException {
        OpenOne one = files.get(stream);
        if (one.length == 0) {
            disk.delete(one.finishedName + LeftOvers.OPEN);
        } else {
            one.file.force();
            disk.rename(one.finishedName + LeftOvers.OPEN, one.finishedName);
        }
        files.remove(stream);
        one.file.close();
    }

    /** Its bytes are taken without copying. */
    private static final class FrameBytes extends ByteArrayOutputStream {
        byte[] bytes() {
            return buf;
        }
    }
}
