package io.deltaforge.source.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which files there are, and which of them have changed: by what the operating system announces, and by looking at all of
 * them every now and then. Confined to the source thread.
 */
final class WatchedFiles implements Changes.Listener, FileTree.Visitor, FileReader.Registry, AutoCloseable {
    private static final long SECOND_NANOS = 1_000_000_000;
    /** So much longer than a scan takes is waited before the next, so that it takes no more than a twentieth of a core. */
    private static final int SCAN_SHARE = 20;

    private static final int LOOKED_BACK_BYTES = 1024 * 1024;
    private static final long LEAST_BETWEEN_SCANS_NANOS = 100_000_000;
    /** A file that is renamed while its directory is listed may be missed once, but not twice. */
    private static final int SCANS_TO_BE_SURE = 2;

    private final LogsSourceConfig config;
    private final FileTable table;
    private final @Nullable FilesPosition from;
    private final Outlet outlet;
    private final Consumer<FollowedFile> changed;
    private final FileTree tree;
    private final Changes changes = new Changes();

    private final Map<Object, FollowedFile> byKey = new HashMap<>();
    private final Map<Path, FollowedFile> byPath = new HashMap<>();
    /** Of those whose directory announces nothing. */
    private final List<FollowedFile> unannounced = new ArrayList<>();

    /** Known from checkpoints, and not found yet. */
    private final Set<FileTable.Slot> unclaimed = new HashSet<>();

    private final Identification reader;
    private boolean beginning;
    private long scan;
    private long scannedNanos;
    private long scanTookNanos;
    private long polledNanos;
    private boolean scanSoon;

    /**
     * @param reader identifies files
     * @param changed is told which files may have something to read
     */
    WatchedFiles(
            LogsSourceConfig config,
            FileTable table,
            @Nullable FilesPosition from,
            Outlet outlet,
            Identification reader,
            Consumer<FollowedFile> changed) {
        this.config = config;
        this.table = table;
        this.from = from;
        this.outlet = outlet;
        this.reader = reader;
        this.changed = changed;
        this.tree = new FileTree(Globs.parse("include", config.include()), Globs.parse("exclude", config.exclude()));
    }

    /** Identifies files. */
    interface Identification {
        void identify(FollowedFile file);
    }

    /** Finds the files that are there, recognises those of the checkpoint, and commits where reading begins. */
    void begin() {
        beginning = true;
        if (from == null) {
            scan();
            identify();
            outlet.begin();
        } else {
            unclaimed.addAll(table.live());
            scan();
        }
        beginning = false;
        byKey.values().forEach(changed);
    }

    private void identify() {
        identify(false);
        identify(true); // those that were compressed may be of the same content
    }

    private void identify(boolean compressed) {
        for (FollowedFile file : byKey.values()) {
            if (file.slot == null && file.isGzip() == compressed) {
                reader.identify(file);
            }
        }
    }

    /** Takes note of what happened since the last time. */
    void update() {
        changes.tell(this, Duration.ZERO);
        long now = System.nanoTime();
        long since = now - scannedNanos;
        if (since >= config.scanInterval().toNanos()
                || (scanSoon && since >= Math.max(LEAST_BETWEEN_SCANS_NANOS, SCAN_SHARE * scanTookNanos))) {
            scan();
        } else if (now - polledNanos >= SECOND_NANOS) {
            polledNanos = now;
            unannounced.forEach(this::poll);
        }
    }

    /** Waits for something to happen, and takes note of it. */
    void await(Duration atMost) {
        changes.tell(this, atMost);
    }

    /** A scan is due before its time. */
    void scanSoon() {
        scanSoon = true;
    }

    private void scan() {
        scanSoon = false;
        scan++;
        long startNanos = System.nanoTime();
        boolean complete = tree.visit(this);
        scannedNanos = System.nanoTime();
        scanTookNanos = scannedNanos - startNanos;
        if (!unclaimed.isEmpty()) {
            recognise(complete);
        }
        byKey.values().forEach(this::missed);
    }

    /** Finds the files that a checkpoint knows, or gives up those that are not found. */
    private void recognise(boolean complete) {
        identify();
        boolean sure = complete && scan >= SCANS_TO_BE_SURE;
        Map<Inode, FollowedFile> there = new HashMap<>();
        for (FollowedFile file : byKey.values()) {
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
        if (scan < SCANS_TO_BE_SURE) {
            scanSoon = !unclaimed.isEmpty();
        }
    }

    private void missed(FollowedFile file) {
        if (file.seenIn == scan || file.gone || file.isSurelyInPlace()) {
            return;
        }
        if (!tree.couldFind(file.path)) {
            file.seenIn = scan; // where nothing was listed, nothing was missed
            return;
        }
        if (scan - file.seenIn < SCANS_TO_BE_SURE) {
            scanSoon = true;
            return;
        }
        file.gone = true;
        changed.accept(file);
    }

    @Override
    public void directory(Path directory) {
        changes.watch(directory);
    }

    @Override
    public void file(Path path, BasicFileAttributes attributes) {
        Object key = attributes.fileKey();
        FollowedFile file = byKey.get(key);
        if (file == null) {
            file = new FollowedFile(key, path);
            byKey.put(key, file);
            announce(file);
        } else if (file.seenIn == scan && !file.path.equals(path) && file.isSurelyInPlace()) {
            return; // by another of its names
        }
        file.seenIn = scan;
        file.gone = false;
        if (!file.path.equals(path)) {
            byPath.remove(file.path, file);
            file.path = path;
        }
        byPath.put(path, file);
        look(file, attributes);
    }

    private void announce(FollowedFile file) {
        Path path = file.path;
        boolean announced = changes.watch(Objects.requireNonNull(path.getParent()));
        if (Files.isSymbolicLink(path)) {
            try {
                Path target = path.toRealPath();
                announced = changes.watch(Objects.requireNonNull(target.getParent()));
                byPath.put(target, file);
                file.target = target;
            } catch (IOException e) {
                announced = false;
            }
        }
        if (!announced) {
            unannounced.add(file);
        }
    }

    private void look(FollowedFile file, BasicFileAttributes attributes) {
        boolean touched = !attributes.lastModifiedTime().equals(file.modified);
        if (touched || attributes.size() != file.diskBytes) {
            file.diskBytes = attributes.size();
            file.modified = attributes.lastModifiedTime();
            file.suspect = true;
            if (!beginning) {
                changed.accept(file);
            }
        }
    }

    private void poll(FollowedFile file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file.path, BasicFileAttributes.class);
            if (file.key.equals(attributes.fileKey())) {
                look(file, attributes);
            } else {
                scanSoon = true;
            }
        } catch (IOException e) {
            scanSoon = true;
        }
    }

    @Override
    public void written(Path path) {
        FollowedFile file = byPath.get(path);
        if (file != null
                && !file.isGzip()) { // while it is being compressed, looking at it every time would cost too much
            file.suspect = true;
            changed.accept(file);
        }
    }

    @Override
    public void created(Path path) {
        if (!tree.isWanted(path)) {
            scanSoon |= Files.isDirectory(path) || byPath.containsKey(path);
            return;
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isRegularFile()) {
                file(path, attributes);
            } else {
                scanSoon |= attributes.isDirectory();
            }
        } catch (IOException e) {
            scanSoon = true; // gone again, or soon to be readable
        }
    }

    @Override
    public void deleted(Path path) {
        scanSoon |= byPath.containsKey(path);
    }

    @Override
    public void overflow() {
        scanSoon = true;
    }

    @Override
    public void identify(FollowedFile file, byte[] head, int count, Content content) throws IOException {
        FilesPosition start = from;
        Inode inode = Inode.of(file.key);
        if (start != null && !unclaimed.isEmpty()) {
            FileTable.Slot known = table.find(inode, head, count, file.size);
            if (known != null && unclaimed.remove(known)) {
                file.slot = known;
                file.offset = start.offset(known.index());
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
            return;
        }
        if (beginning && start == null && config.readFrom() == LogsSourceConfig.ReadFrom.END) {
            outlet.reached(file, lastLineEnd(file.ends, content, file.size));
        }
    }

    /** True while a file that is not compressed, and begins with these bytes, has something to read. */
    private boolean isBeingRead(byte[] head, int count) {
        for (FollowedFile file : byKey.values()) {
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

    void remove(FollowedFile file) {
        byKey.remove(file.key, file);
        byPath.remove(file.path, file);
        if (file.target != null) {
            byPath.remove(file.target, file);
        }
        unannounced.remove(file);
    }

    long lagBytes() {
        long bytes = 0;
        for (FollowedFile file : byKey.values()) {
            bytes += file.unreadBytes();
        }
        return bytes;
    }

    @Override
    public void close() {
        changes.close();
    }
}
