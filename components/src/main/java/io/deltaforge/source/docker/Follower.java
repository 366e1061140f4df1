package io.deltaforge.source.docker;

import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the log of one container until it stops, beginning again where a connection broke. Confined to one thread.
 *
 * <p>A line comes twice when the connection breaks while one of the other stream, begun {@value Reached#LATE_SECONDS} seconds
 * before it, still waits for its end: the place to go on is before that other line.
 */
final class Follower {
    private static final Logger log = LoggerFactory.getLogger(Follower.class);

    private static final int MAX_LINES = 500;
    private static final int MAX_BYTES = 64 * 1024;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LAST_PAUSE_MILLIS = 5_000;
    /** By how much the engine's clock, which is the same host's, may be ahead of ours. */
    private static final long CLOCKS_DIFFER_NANOS = 1_000_000_000L;

    private static final int NOT_FOUND = 404;
    private static final int NOT_IMPLEMENTED = 501;

    private final EngineClient client;
    private final Container container;
    private final int maxLineBytes;
    private final BlockingQueue<News> news;
    private final CountDownLatch stop;
    private Reached reached;

    /** Where in the log we are: ahead of {@link #reached} while the beginning of an old line waits. */
    private Reached read;

    private final InstantSource clock;
    private Resent resent;
    private List<LogLine> lines = new ArrayList<>();
    private List<Cursor> cursors = new ArrayList<>();
    private int bytes;
    private String warned = "";

    private enum Fate {
        RUNNING,
        /** Or about to be: what is known is that a run is over. */
        RESTARTED,
        STOPPED,
        REMOVED
    }

    Follower(
            EngineClient client,
            Container container,
            int maxLineBytes,
            Reached from,
            BlockingQueue<News> news,
            CountDownLatch stop,
            InstantSource clock) {
        this.client = client;
        this.container = container;
        this.maxLineBytes = maxLineBytes;
        this.reached = from;
        this.read = from;
        this.clock = clock;
        this.resent = new Resent(from, 0);
        this.news = news;
        this.stop = stop;
    }

    /** How far it got. */
    Reached reached() {
        return reached;
    }

    /** Until the container has stopped and its log was read; true when it was removed. */
    boolean follow() throws InterruptedException {
        long pause = FIRST_PAUSE_MILLIS;
        while (stop.getCount() > 0) {
            Reached before = reached;
            try {
                String run = inspect().startedAt();
                LogLines all = readToEnd();
                Fate fate = fateOf(run);
                if (fate != Fate.RUNNING) {
                    all.rest(this::take); // nothing more comes of it
                    handOn(Long.MAX_VALUE);
                }
                if (fate == Fate.STOPPED || fate == Fate.REMOVED) {
                    return fate == Fate.REMOVED;
                }
            } catch (EngineClient.Refused refused) {
                if (refused.status() == NOT_FOUND) {
                    return true;
                }
                warn(String.valueOf(refused.getMessage()));
                if (refused.status() == NOT_IMPLEMENTED) {
                    return false; // its logging driver keeps nothing that could be read
                }
            } catch (IOException e) {
                if (stop.getCount() > 0) {
                    warn(e.getMessage() + "; going on where it broke");
                }
            }
            boolean better = !reached.equals(before);
            warned = better ? "" : warned;
            pause = better ? FIRST_PAUSE_MILLIS : Math.min(pause * 2, LAST_PAUSE_MILLIS);
            stop.await(pause, TimeUnit.MILLISECONDS);
        }
        return false;
    }

    /** The same only once, until it was better. */
    private void warn(String message) {
        if (!warned.equals(message)) {
            log.warn("log of container {}: {}", container.name(), message);
            warned = message;
        }
    }

    private Container inspect() throws IOException {
        return Container.of(client.getJson("/containers/" + container.id() + "/json"));
    }

    /** @param startedAt of the run that was on before its log was read */
    private Fate fateOf(String startedAt) throws IOException {
        try {
            Container now = inspect();
            if (!now.running()) {
                return Fate.STOPPED;
            }
            return now.restarting() || !now.startedAt().equals(startedAt) ? Fate.RESTARTED : Fate.RUNNING;
        } catch (EngineClient.Refused refused) {
            if (refused.status() == NOT_FOUND) {
                return Fate.REMOVED;
            }
            throw refused;
        }
    }

    /** What it returns may hold the beginnings of lines. */
    private LogLines readToEnd() throws IOException, InterruptedException {
        Reached from = reached;
        long since = from.sinceNanos();
        long now = Timestamp.nanos(clock.instant());
        boolean setBack = since > now + CLOCKS_DIFFER_NANOS;
        if (setBack) {
            warn("the clock was set back behind what was read last; asking for the log anew");
            since = from.isUnread() ? now - Reached.LATE_NANOS : 0;
        }
        String path = "/containers/" + container.id() + "/logs?follow=1&stdout=1&stderr=1&timestamps=1"
                + (since == 0 ? "" : "&since=" + Timestamp.since(since));
        read = from;
        resent = new Resent(setBack && from.isUnread() ? new Reached(null, null) : from, since);
        clear();
        try (EngineClient.Answer answer = client.get(path)) {
            InputStream body = answer.body();
            LogLines all = container.tty()
                    ? new RawLines(body, maxLineBytes, from)
                    : new FramedLines(body, maxLineBytes, from);
            while (all.read(this::take)) {
                boolean full = lines.size() >= MAX_LINES || bytes >= MAX_BYTES;
                if (full || body.available() == 0) {
                    handOn(all.openSinceNanos());
                }
            }
            handOn(all.openSinceNanos());
            return all;
        }
    }

    private void take(LogLine line) {
        if (resent.has(line)) {
            return;
        }
        Cursor behind = read.behind(line);
        read = read.with(line.fromStderr(), behind);
        lines.add(line);
        cursors.add(behind);
        bytes += line.message().length;
    }

    /** @param openSinceNanos of the lines that are not over: if it breaks now, they must be sent again from their beginning */
    private void handOn(long openSinceNanos) throws InterruptedException {
        if (openSinceNanos >= read.sinceNanos()) {
            reached = read;
        }
        if (lines.isEmpty()) {
            return;
        }
        news.put(new News.Lines(container, lines, cursors, reached));
        clear();
    }

    private void clear() {
        lines = new ArrayList<>();
        cursors = new ArrayList<>();
        bytes = 0;
    }
}
