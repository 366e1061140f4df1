package io.deltaforge.source.logs;

import io.deltaforge.event.SourceInfo;
import io.deltaforge.spi.Feed;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the files that match, from where a feed resumes until it stops: in rounds over those that have something to read, a
 * piece of each at a time, so that a large file does not keep the others waiting. Confined to the source thread.
 */
final class Follower implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Follower.class);

    private static final Duration IDLE_WAIT = Duration.ofMillis(50);
    /** Nothing was read in so many waits: the next may be longer, each wakes a core. What is announced still ends it at once. */
    private static final int IDLE_WAITS_TO_BE_QUIET = 20;

    private static final Duration QUIET_WAIT = Duration.ofMillis(200);
    /** What compresses a file adds to it more often than that. */
    private static final Duration COMPRESSION_PAUSE = Duration.ofMinutes(1);

    /** So long at most without a change, while there is room, is a deleted file held open, and its space on the disk with it. */
    private static final Duration MOST_LEAVING = Duration.ofSeconds(10);

    private static final Duration ROOM_WAIT = Duration.ofMillis(100);
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long WAITING_EVERY_NANOS = 100_000_000;

    private final LogsSourceConfig config;
    private final Feed feed;
    private final Outlet outlet;
    private final OpenFiles open;
    private final FileReader reader;
    private final FollowedFiles files = new FollowedFiles();
    private final Recognition recognition;
    private final WatchedFiles watched;
    private final Set<Path> warned = new TreeSet<>();

    private final ArrayDeque<FollowedFile> ready = new ArrayDeque<>();
    /** What is left in them is no whole line. */
    private final LinkedHashSet<FollowedFile> partial = new LinkedHashSet<>();

    /** Gone, and maybe written to until their program is told: nothing announces that. */
    private final LinkedHashSet<FollowedFile> leaving = new LinkedHashSet<>();

    private final ArrayDeque<Finished> finished = new ArrayDeque<>();
    private long everySecondNanos;
    private long waitingNanos;
    private int idleWaits;
    /** A file was looked at or left since the lag was last told. */
    private boolean lagMayDiffer = true;

    /** A file of which nothing is left, once what was read of it is durable. */
    private record Finished(FileTable.Slot file, long offset) {}

    /** @param reading tells this one from every other of the same source; not 0 */
    Follower(LogsSourceConfig config, SourceInfo info, FileTable table, Feed feed, long reading) {
        this.config = config;
        this.feed = feed;
        FilesPosition from = (FilesPosition) feed.resumeFrom();
        Offsets offsets = new Offsets(from == null ? FilesPosition.NO_PAGES : from.pages());
        this.outlet = new Outlet(info, table, feed, offsets, reading, () -> System.currentTimeMillis() * 1000);
        this.open = new OpenFiles(config.maxOpenFiles());
        this.reader = new FileReader(config, open, outlet);
        this.recognition = new Recognition(config, table, from, outlet, files);
        this.watched = new WatchedFiles(config, files, recognition, this::identify, this::ready);
    }

    void run() {
        watched.begin();
        tellHowMany();
        everySecond();
        while (!feed.stopped()) {
            watched.update();
            boolean read = round();
            long now = System.nanoTime();
            if (now - waitingNanos >= WAITING_EVERY_NANOS) {
                waitingNanos = now;
                flushPartial(now);
                readLeaving();
            }
            if (now - everySecondNanos >= SECOND_NANOS) {
                everySecond();
            }
            if (!feed.hasRoom()) {
                outlet.commit();
                feed.awaitRoom(ROOM_WAIT);
            } else if (read) {
                idleWaits = 0;
            } else {
                outlet.commit();
                feed.idle();
                watched.await(idleWaits < IDLE_WAITS_TO_BE_QUIET ? IDLE_WAIT : QUIET_WAIT);
                idleWaits++;
            }
        }
        outlet.commit();
    }

    private void tellHowMany() {
        if (files.all().isEmpty()) {
            log.warn(
                    "{}: no file matches {} yet; those that come are read. If there should be some, check the patterns and"
                            + " who may list the directories",
                    config.id(),
                    config.include());
        } else {
            int count = files.all().size();
            log.info("{}: following {} {}", config.id(), count, count == 1 ? "file" : "files");
        }
    }

    private void ready(FollowedFile file) {
        lagMayDiffer = true;
        if (file.slot == null && !file.isGzip() && !feed.hasRoom()) {
            identify(file); // which opens it: until there is room, it may be renamed to where no pattern looks
        }
        if (!file.queued) {
            file.queued = true;
            ready.add(file);
        }
    }

    /** Reads a piece of each file that has something; false when none had. */
    private boolean round() {
        int count = ready.size();
        for (int i = 0; i < count && feed.hasRoom() && !feed.stopped(); i++) {
            FollowedFile file = ready.remove();
            file.queued = false;
            look(file, FileReader.Flush.NOTHING);
        }
        return count > 0;
    }

    private void identify(FollowedFile file) {
        try {
            reader.identify(file, recognition);
            file.grownNanos = System.nanoTime();
        } catch (IOException e) {
            warn(file, e);
        }
    }

    private void look(FollowedFile file, FileReader.Flush flush) {
        lagMayDiffer = true;
        if (file.gone) {
            leaving.add(file);
        }
        FileReader.Outcome outcome;
        try {
            long before = file.size;
            outcome = reader.read(file, flush, recognition);
            if (file.size != before) {
                file.grownNanos = System.nanoTime();
            }
        } catch (IOException e) {
            warn(file, e);
            if (file.over) {
                drop(file);
            }
            return;
        }
        if (outcome == FileReader.Outcome.PARTIAL) {
            partial.add(file);
        } else if (!partial.isEmpty()) {
            partial.remove(file);
        }
        switch (outcome) {
            case MORE -> ready(file);
            case REPLACED -> {
                log.info("{}: new content in place of the old; read from its beginning", file);
                tellLost(
                        file,
                        file.cutBytes(),
                        "it was truncated or overwritten, and are lost where no copy is read. Let rotation rename it instead");
                finish(file);
                ready(file);
            }
            case ABSENT -> {
                if (file.gone) {
                    tellLost(
                            file,
                            file.lostBytes(),
                            "it was deleted, or renamed to what no pattern of include matches, and are lost. Let include match"
                                    + " rotated files too");
                    drop(file);
                } else {
                    watched.scanSoon();
                }
            }
            case CAUGHT_UP -> {
                if (file.over || (file.gone && file.isGzip())) {
                    drop(file);
                } else if (file.isGzip()) {
                    open.close(file);
                }
            }
            case UNFINISHED -> unfinished(file);
            case PARTIAL -> {}
        }
    }

    private static void tellLost(FollowedFile file, long lost, String how) {
        if (lost > 0) {
            log.error("{}: {} bytes of it were not read before {}", file, lost, how);
        }
    }

    private void unfinished(FollowedFile file) {
        FileTime modified = file.modified;
        if (modified == null
                || Duration.between(modified.toInstant(), Instant.now()).compareTo(COMPRESSION_PAUSE) < 0) {
            file.readInVain();
        } else if (warned.add(file.path)) {
            log.warn(
                    "{} is no whole gzip file, and nothing is added to it: none of it is read until it changes. Compress"
                            + " the lines again, or delete it",
                    file);
        }
    }

    private void flushPartial(long now) {
        long timeout = config.partialLineTimeout().toNanos();
        long linesTimeout = config.multiline() == null
                ? timeout
                : Math.min(timeout, config.multiline().timeout().toNanos());
        for (FollowedFile file : List.copyOf(partial)) {
            long since = now - file.grownNanos;
            if (since >= linesTimeout && feed.hasRoom()) {
                look(file, since >= timeout ? FileReader.Flush.ALL : FileReader.Flush.LINES);
            }
        }
    }

    private void readLeaving() {
        long leavingNanos = Math.min(config.partialLineTimeout().toNanos(), MOST_LEAVING.toNanos());
        for (FollowedFile file : List.copyOf(leaving)) {
            if (!file.gone) {
                leaving.remove(file);
            } else if (!file.queued && feed.hasRoom()) {
                look(file, FileReader.Flush.NOTHING);
                if (leaving.contains(file) && !file.queued && file.quietNanos(System.nanoTime()) >= leavingNanos) {
                    file.over = true;
                    ready(file);
                }
            }
        }
    }

    /** Nothing more is to be had of what the file was. */
    private void finish(FollowedFile file) {
        if (file.slot != null) {
            finished.add(new Finished(file.slot, file.offset));
        }
        file.beginAnew();
    }

    private void drop(FollowedFile file) {
        finish(file);
        open.close(file);
        leaving.remove(file);
        partial.remove(file);
        watched.remove(file);
    }

    private void everySecond() {
        everySecondNanos = System.nanoTime();
        if (lagMayDiffer) { // adding up many thousands of files every second costs more than all else of a quiet one
            lagMayDiffer = false;
            feed.lagBytes(files.unreadBytes());
        }
        FilesPosition durable = (FilesPosition) feed.durable();
        while (durable != null && !finished.isEmpty()) {
            Finished first = finished.peek();
            if (!durable.covers(new FilePosition(first.file, first.offset))) {
                break;
            }
            outlet.forget(finished.remove().file, first.offset);
        }
    }

    private void warn(FollowedFile file, IOException e) {
        if (!warned.add(file.path)) {
            return;
        }
        if (e instanceof AccessDeniedException) {
            log.warn(
                    "{} may not be read, and is left out. Allow it, e.g. setfacl -m u:{}:r {}",
                    file,
                    System.getProperty("user.name"),
                    file);
        } else {
            log.warn("{} cannot be read: {}", file, e.toString());
        }
    }

    @Override
    public void close() {
        watched.close();
        open.closeAll();
    }
}
