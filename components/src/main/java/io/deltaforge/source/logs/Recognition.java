package io.deltaforge.source.logs;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of the files that are there are those of the checkpoint, and where the reading of a file begins. Confined to the
 * source thread.
 */
final class Recognition implements FileReader.Registry {
    private static final int LOOKED_BACK_BYTES = 1024 * 1024;

    private final FileTable table;
    private final @Nullable FilesPosition from;
    private final Outlet outlet;
    private final FollowedFiles files;
    private final boolean fromEnd;
    /** Known from the checkpoint, and not found yet. */
    private final Set<FileTable.Slot> unclaimed = new HashSet<>();

    private boolean beginning = true;

    /** @param from the checkpoint; {@code null} for the first reading of all */
    Recognition(
            LogsSourceConfig config,
            FileTable table,
            @Nullable FilesPosition from,
            Outlet outlet,
            FollowedFiles files) {
        this.table = table;
        this.from = from;
        this.outlet = outlet;
        this.files = files;
        this.fromEnd = from == null && config.readFrom() == LogsSourceConfig.ReadFrom.END;
        if (from != null) {
            unclaimed.addAll(table.live());
        }
    }

    /** True without a checkpoint. */
    boolean isOfNothing() {
        return from == null;
    }

    /** The files of the first scan are all there: what is identified from now on is new, or was known before. */
    void begun() {
        if (from == null) {
            outlet.begin();
        }
        beginning = false;
    }

    /** True when no file of the checkpoint is looked for any more. */
    boolean isComplete() {
        return unclaimed.isEmpty();
    }

    /**
     * Gives up those files of the checkpoint that are not among the files that are there, now that these are identified.
     *
     * @param sure that no file was missed, when they were listed
     */
    void giveUpAbsent(boolean sure) {
        Map<Inode, FollowedFile> there = new HashMap<>();
        for (FollowedFile file : files.all()) {
            if (!file.gone) {
                there.put(Inode.of(file.key), file);
            }
        }
        for (FileTable.Slot slot : List.copyOf(unclaimed)) {
            FollowedFile file = there.get(slot.identity().inode());
            // one that could not be opened may still be it; one that could is not
            if (file == null ? sure : file.slot != null || !file.wasReadInVain()) {
                // Invariant: what can never be read again keeps no commit from covering a checkpoint that knows it
                unclaimed.remove(slot);
                outlet.forget(slot, outlet.offset(slot));
            }
        }
    }

    @Override
    public void identify(FollowedFile file, byte[] head, int count, Content content) throws IOException {
        Inode inode = Inode.of(file.key);
        if (from != null && !unclaimed.isEmpty()) {
            FileTable.Slot known = table.find(inode, head, count, file.size);
            if (known != null && unclaimed.remove(known)) {
                file.slot = known;
                file.offset = from.offset(known.index());
                return;
            }
        }
        if (file.isGzip() && isBeingRead(head, count)) {
            file.readInVain(); // what is left of it is known when the other is read
            return;
        }
        long read = file.isGzip() ? table.readOf(head, count, file.size, outlet::offset) : 0;
        file.slot = table.create(inode, Fingerprint.of(head, count));
        if (read > 0) {
            outlet.reached(file, read);
        } else if (beginning && fromEnd) {
            outlet.reached(file, lastLineEnd(file.ends, content, file.size));
        }
    }

    /** True while a file that is not compressed, and begins with these bytes, has something to read. */
    private boolean isBeingRead(byte[] head, int count) {
        for (FollowedFile file : files.all()) {
            FileTable.Slot slot = file.slot;
            if (slot != null
                    && !file.isGzip()
                    && (file.queued || file.unreadBytes() > 0)
                    && slot.fingerprint().matches(head, count)) {
                return true;
            }
        }
        return false;
    }

    /** Behind the last line that has an end; where none is in sight, behind everything. */
    private static long lastLineEnd(LineEnds ends, Content content, long size) throws IOException {
        byte[] data = new byte[(int) Math.min(size, LOOKED_BACK_BYTES)];
        long begin = size - data.length;
        int count = content.read(data, data.length, begin);
        int whole = ends.whole(data, count);
        return whole == 0 && begin > 0 ? size : begin + whole;
    }
}
