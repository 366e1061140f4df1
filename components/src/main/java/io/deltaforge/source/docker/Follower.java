package io.deltaforge.source.docker;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the log of one container until it stops, beginning again where a connection broke. Confined to one thread.
 *
 * <p>A line that was read when the connection broke between the pieces of another one comes twice: the place to go on is
 * before that other line.
 */
final class Follower {
    private static final Logger log = LoggerFactory.getLogger(Follower.class);

    private static final int MAX_LINES = 500;
    private static final int MAX_BYTES = 64 * 1024;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LAST_PAUSE_MILLIS = 5_000;
    private static final int NOT_FOUND = 404;

    private final EngineClient client;
    private final Container container;
    private final int maxLineBytes;
    private final BlockingQueue<News> news;
    private final CountDownLatch stop;
    private @Nullable Cursor reached;

    /** Where in the log we are: ahead of {@link #reached} while the beginning of a line waits. */
    private Cursor read;

    private int skip;

    Follower(
            EngineClient client,
            Container container,
            int maxLineBytes,
            @Nullable Cursor from,
            BlockingQueue<News> news,
            CountDownLatch stop) {
        this.client = client;
        this.container = container;
        this.maxLineBytes = maxLineBytes;
        this.reached = from;
        this.read = new Cursor(0, 0);
        this.news = news;
        this.stop = stop;
    }

    /** How far it got; {@code null} without a line. */
    @Nullable
    Cursor reached() {
        return reached;
    }

    /** Until the container has stopped and its log was read; true when it was removed. */
    boolean follow() throws InterruptedException {
        long pause = FIRST_PAUSE_MILLIS;
        while (stop.getCount() > 0) {
            Cursor before = reached;
            try {
                readToEnd();
                if (!isRunning()) {
                    return false;
                }
            } catch (EngineClient.Refused refused) {
                if (refused.status() == NOT_FOUND) {
                    return true;
                }
                log.warn("log of container {}: {}", container.name(), refused.getMessage());
            } catch (IOException e) {
                if (stop.getCount() > 0) {
                    log.warn("log of container {}: {}; going on where it broke", container.name(), e.getMessage());
                }
            }
            boolean better = reached != null && !reached.equals(before);
            pause = better ? FIRST_PAUSE_MILLIS : Math.min(pause * 2, LAST_PAUSE_MILLIS);
            stop.await(pause, TimeUnit.MILLISECONDS);
        }
        return false;
    }

    private boolean isRunning() throws IOException {
        return Container.of(client.getJson("/containers/" + container.id() + "/json"))
                .running();
    }

    private void readToEnd() throws IOException, InterruptedException {
        Cursor from = reached;
        String path = "/containers/" + container.id() + "/logs?follow=1&stdout=1&stderr=1&timestamps=1"
                + (from == null ? "" : "&since=" + Timestamp.since(from.nanos()));
        read = from == null ? new Cursor(0, 0) : from;
        skip = read.count();
        long begin = read.nanos();
        try (EngineClient.Answer answer = client.get(path)) {
            InputStream body = answer.body();
            LogLines lines = container.tty() ? new RawLines(body, maxLineBytes) : new FramedLines(body, maxLineBytes);
            List<LogLine> batch = new ArrayList<>();
            List<Cursor> cursors = new ArrayList<>();
            int bytes = 0;
            for (LogLine line = lines.next(); line != null; line = lines.next()) {
                if (!isKnown(line, begin)) {
                    read = read.after(line.nanos());
                    batch.add(line);
                    cursors.add(line.nanos() == read.nanos() ? read : new Cursor(line.nanos(), 1));
                    bytes += line.message().length;
                }
                boolean full = batch.size() >= MAX_LINES || bytes >= MAX_BYTES;
                if (!batch.isEmpty() && (full || body.available() == 0)) {
                    handOn(batch, cursors, lines.isInsideLine());
                    batch = new ArrayList<>();
                    cursors = new ArrayList<>();
                    bytes = 0;
                }
            }
            if (!batch.isEmpty()) {
                handOn(batch, cursors, lines.isInsideLine());
            }
        }
    }

    /** The engine begins with the lines of the time asked for, of which some were read. */
    private boolean isKnown(LogLine line, long begin) {
        if (line.nanos() == begin && skip > 0) {
            skip--;
            return true;
        }
        return line.nanos() < begin;
    }

    private void handOn(List<LogLine> lines, List<Cursor> cursors, boolean insideLine) throws InterruptedException {
        if (!insideLine) {
            reached = read;
        }
        Cursor committed = reached == null ? new Cursor(0, 0) : reached;
        news.put(new News.Lines(container, lines, cursors, committed));
    }
}
