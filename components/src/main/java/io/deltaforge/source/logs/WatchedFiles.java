package io.deltaforge.source.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which files there are, and which of them have changed: by what the operating system announces, and by looking at all of
 * them every now and then. Confined to the source thread.
 */
final class WatchedFiles implements Changes.Listener, FileTree.Visitor, AutoCloseable {
    private static final long SECOND_NANOS = 1_000_000_000;
    /** So much longer than a scan takes is waited before the next, so that it takes no more than a twentieth of a core. */
    private static final int SCAN_SHARE = 20;

    private static final long LEAST_BETWEEN_SCANS_NANOS = 100_000_000;
    /** The same for one that nothing announced: where nothing happens, looking takes no more than a quarter of a percent. */
    private static final int QUIET_SCAN_SHARE = 400;
    /** However slow the files are, one comes after so many intervals. */
    private static final int MOST_INTERVALS = 6;
    /** A file that is renamed while its directory is listed may be missed once, but not twice. */
    private static final int SCANS_TO_BE_SURE = 2;

    private final long scanIntervalNanos;
    private final FollowedFiles files;
    private final Recognition recognition;
    private final Consumer<FollowedFile> identify;
    private final Consumer<FollowedFile> changed;
    private final FileTree tree;
    private final Changes changes = new Changes();
    /** Those whose directory announces nothing. */
    private final List<FollowedFile> unannounced = new ArrayList<>();

    private boolean beginning;
    private long scan;
    private long scannedNanos;
    private long scanTookNanos;
    private long polledNanos;
    private boolean scanSoon;

    /**
     * @param files empty; those that are there, from now on
     * @param identify lets the recognition know what a file begins with
     * @param changed is told which files may have something to read
     */
    WatchedFiles(
            LogsSourceConfig config,
            FollowedFiles files,
            Recognition recognition,
            Consumer<FollowedFile> identify,
            Consumer<FollowedFile> changed) {
        this.scanIntervalNanos = config.scanInterval().toNanos();
        this.files = files;
        this.recognition = recognition;
        this.identify = identify;
        this.changed = changed;
        this.tree = new FileTree(Globs.parse("include", config.include()), Globs.parse("exclude", config.exclude()));
    }

    /** Finds the files that are there, recognises those of the checkpoint, and commits where reading begins. */
    void begin() {
        beginning = true;
        scan();
        if (recognition.isOfNothing()) {
            identify();
        }
        recognition.begun();
        beginning = false;
        files.all().forEach(changed);
    }

    private void identify() {
        identify(false);
        identify(true); // those that were compressed may be of the same content
    }

    private void identify(boolean compressed) {
        for (FollowedFile file : files.all()) {
            if (file.slot == null && file.isGzip() == compressed) {
                identify.accept(file);
            }
        }
    }

    /** Takes note of what happened since the last time. */
    void update() {
        changes.tell(this, Duration.ZERO);
        long now = System.nanoTime();
        long since = now - scannedNanos;
        if (since >= quietNanos()
                || (scanSoon && since >= Math.max(LEAST_BETWEEN_SCANS_NANOS, SCAN_SHARE * scanTookNanos))) {
            scan();
        } else if (now - polledNanos >= SECOND_NANOS) {
            polledNanos = now;
            unannounced.forEach(this::poll);
        }
    }

    /** How long after a scan the next is due where nothing was announced. */
    private long quietNanos() {
        return Math.clamp(QUIET_SCAN_SHARE * scanTookNanos, scanIntervalNanos, MOST_INTERVALS * scanIntervalNanos);
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
        if (!recognition.isComplete()) {
            identify();
            recognition.giveUpAbsent(complete && scan >= SCANS_TO_BE_SURE);
            scanSoon |= scan < SCANS_TO_BE_SURE && !recognition.isComplete();
        }
        files.all().forEach(this::missed);
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
        file.leave(System.nanoTime());
        changed.accept(file);
    }

    @Override
    public void directory(Path directory, @Nullable Object key) {
        changes.watch(directory, key);
    }

    @Override
    public void file(Path path, BasicFileAttributes attributes) {
        Object key = attributes.fileKey();
        FollowedFile file = files.of(key);
        if (file == null) {
            file = new FollowedFile(key, path);
            announce(file);
            files.add(file);
        } else if (file.seenIn == scan && !file.path.equals(path) && file.isSurelyInPlace()) {
            return; // by another of its names
        }
        file.seenIn = scan;
        file.comeBack();
        files.place(file, path);
        look(file, attributes);
    }

    private void announce(FollowedFile file) {
        Path path = file.path;
        boolean announced = changes.watch(Objects.requireNonNull(path.getParent()), null);
        if (Files.isSymbolicLink(path)) {
            try {
                Path target = path.toRealPath();
                Path leadsInto = Objects.requireNonNull(target.getParent());
                announced = changes.watch(leadsInto, FileTree.keyOf(leadsInto));
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
        file.hasOnDisk(attributes.size());
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
        FollowedFile file = files.at(path);
        if (file != null
                && !file.isGzip()) { // while it is being compressed, looking at it every time would cost too much
            file.suspect = true;
            changed.accept(file);
        }
    }

    @Override
    public void created(Path path) {
        if (!tree.isWanted(path)) {
            scanSoon |= Files.isDirectory(path) || files.at(path) != null;
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
        scanSoon |= files.at(path) != null;
    }

    @Override
    public void overflow() {
        scanSoon = true;
    }

    void remove(FollowedFile file) {
        files.remove(file);
        unannounced.remove(file);
    }

    @Override
    public void close() {
        changes.close();
    }
}
