package io.deltaforge.source.docker;

import io.deltaforge.event.LogEntry;
import io.deltaforge.event.LogStream;
import io.deltaforge.event.Position;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Transaction;
import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Feed;
import io.deltaforge.spi.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the logs of an engine's containers. Confined to the source thread, except {@link #parsePosition}. */
public final class DockerSource implements Source {
    private static final Logger log = LoggerFactory.getLogger(DockerSource.class);

    public static final ComponentType<Source, DockerSourceConfig> TYPE = new ComponentType<>(
            Source.class,
            "docker",
            "Logs of containers, by the Docker Engine API over its unix socket.",
            DockerSourceConfig.class,
            DockerSource::new);

    /** Pieces of at most 64 KiB and one line between the followers and the queues. */
    private static final int MAX_NEWS = 64;

    private static final long SIGN_OF_LIFE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final Duration CLOCK_SET_BACK = Duration.ofSeconds(1);
    private static final Duration ROOM_SLICE = Duration.ofMillis(50);
    private static final Map<String, String> STDOUT = Map.of("stream", "stdout");
    private static final Map<String, String> STDERR = Map.of("stream", "stderr");

    private final DockerSourceConfig config;
    private final InstantSource clock;
    private final NamePattern wantedLabels;
    private final SourceInfo info;
    private final AtomicLong highest = new AtomicLong();
    private final Map<String, LogStream> streams = new HashMap<>();
    private Map<String, Cursor> cursors = new HashMap<>();
    private long number;
    private @Nullable Containers containers;

    public DockerSource(DockerSourceConfig config) {
        this(config, InstantSource.system());
    }

    DockerSource(DockerSourceConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.wantedLabels = NamePattern.of(config.includeLabels());
        this.info = new SourceInfo("docker", config.id(), "");
    }

    @Override
    public SourceInfo info() {
        return info;
    }

    @Override
    public Position parsePosition(String text) {
        DockerPosition position = DockerPosition.parse(text);
        highest.accumulateAndGet(position.number(), Math::max);
        return position;
    }

    @Override
    public void run(Feed feed) throws Failure {
        close();
        BlockingQueue<News> news = new ArrayBlockingQueue<>(MAX_NEWS);
        Containers found = new Containers(new EngineClient(Path.of(config.socket())), config, news, clock);
        containers = found;
        try {
            begin(found, feed);
            read(found, news, feed);
        } catch (IOException e) {
            throw failure(e);
        } finally {
            close();
        }
    }

    private void begin(Containers found, Feed feed) throws IOException {
        Containers.Listed listed = found.listen();
        DockerPosition resume = (DockerPosition) feed.resumeFrom();
        number = Math.max(Math.max(number, highest.get()), resume == null ? 0 : resume.number());
        streams.clear();
        if (resume == null) {
            // what has no cursor is read from its beginning, later too
            Cursor now = new Cursor(Timestamp.nanos(clock.instant()), 0);
            cursors = new HashMap<>();
            listed.running().forEach((id, running) -> {
                if (!running || config.readFrom() == DockerSourceConfig.ReadFrom.END) {
                    new Reached(now, now).into(cursors, id);
                }
            });
            feed.commit(new DockerPosition(number, cursors));
        } else {
            cursors = Containers.existing(resume.cursors(), listed);
        }
        log.info("{}: {} containers at {}", config.id(), listed.running().size(), config.socket());
        found.followAll(listed, cursors);
    }

    private void read(Containers found, BlockingQueue<News> news, Feed feed) throws IOException, Failure.Retryable {
        Instant lastLook = clock.instant();
        long lastSignNanos = System.nanoTime() - SIGN_OF_LIFE_NANOS;
        long lastNewsNanos = System.nanoTime();
        while (!feed.stopped()) {
            IOException trouble = found.trouble();
            if (trouble != null && news.isEmpty()) {
                throw trouble;
            }
            long now = System.nanoTime();
            if (now - lastSignNanos >= SIGN_OF_LIFE_NANOS) {
                lastSignNanos = now;
                lastLook = afterLook(lastLook);
                feed.lagBytes(0); // the engine does not tell how much it still has
            }
            if (!feed.hasRoom()) {
                feed.awaitRoom(ROOM_SLICE);
                continue;
            }
            News next = poll(news, now - lastNewsNanos < SIGN_OF_LIFE_NANOS ? LOOK_NANOS : QUIET_NANOS);
            switch (next) {
                case null -> feed.idle();
                case News.Lines lines -> {
                    lastNewsNanos = now;
                    hand(lines, feed);
                }
                case News.Gone gone -> {
                    for (boolean stderr : new boolean[] {false, true}) {
                        cursors.remove(DockerPosition.log(gone.container(), stderr));
                        streams.remove(DockerPosition.log(gone.container(), stderr));
                    }
                }
            }
        }
    }

    /** The engine withholds lines older than those asked for until it has sent the first: it must be asked anew. */
    private Instant afterLook(Instant last) throws Failure.Retryable {
        Instant now = clock.instant();
        if (now.plus(CLOCK_SET_BACK).isBefore(last)) {
            throw new Failure.Retryable(
                    "the clock was set back from " + last + " to " + now + "; asking for the logs anew", null);
        }
        return now;
    }

    private static @Nullable News poll(BlockingQueue<News> news, long nanos) {
        try {
            return news.poll(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private void hand(News.Lines news, Feed feed) {
        Container container = news.container();
        news.reached().into(cursors, container.id());
        long previous = number++;
        DockerPosition position = new DockerPosition(number, cursors);
        long nowMicros = Math.multiplyExact(System.currentTimeMillis(), 1000);
        Transaction transaction = new Transaction(info, number, nowMicros, number, previous, position);
        for (int i = 0; i < news.lines().size(); i++) {
            LogLine line = news.lines().get(i);
            Cursor cursor = news.cursors().get(i);
            feed.event(new LogEntry(
                    transaction,
                    stream(container, line.fromStderr(), cursor.count()),
                    line.message(),
                    0,
                    line.message().length,
                    cursor.nanos(),
                    cursor.nanos(),
                    i,
                    line.nanos() / 1000,
                    null,
                    line.fromStderr() ? STDERR : STDOUT,
                    line.truncated()));
        }
        feed.commit(position);
    }

    /** Lines that are not later than the one before them get one of their own: their positions and ids differ. */
    private LogStream stream(Container container, boolean stderr, int count) {
        String log = DockerPosition.log(container.id(), stderr);
        LogStream stream =
                streams.computeIfAbsent(log, name -> container.stream(config.labels(), wantedLabels, stderr));
        return count == 1
                ? stream
                : new LogStream(
                        stream.id() + '#' + count,
                        stream.name(),
                        stream.labels(),
                        nanos -> DockerPosition.ofLine(log, nanos, count));
    }

    private Failure failure(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("ermission denied")) {
            return new Failure.Fatal(
                    "socket " + config.socket()
                            + " may not be opened by this user: add it to the socket's group, mostly" + " docker",
                    e);
        }
        return new Failure.Retryable("no word from the Docker engine at " + config.socket() + ": " + message, e);
    }

    @Override
    public void close() {
        Containers closing = containers;
        containers = null;
        if (closing != null) {
            closing.close();
        }
    }
}
