package io.deltaforge.source.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The containers of an engine, each with a follower while it runs. Thread-safe. */
final class Containers implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Containers.class);

    private static final int MAX_EVENT_BYTES = 1 << 20;
    /** States of a container that is not over: one that always fails is restarting most of the time. */
    private static final Set<String> RUNNING = Set.of("running", "paused", "restarting");

    private static final long ASK_AGAIN_SECONDS = 1;
    private static final String EVENTS = "/events?filters="
            + URLEncoder.encode("{\"type\":[\"container\"],\"event\":[\"start\",\"destroy\"]}", UTF_8);

    private final EngineClient client;
    private final DockerSourceConfig config;
    private final Selection selection;
    private final BlockingQueue<News> news;
    private final InstantSource clock;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    /** Guarded by this: a container's id to whether it was started again since. */
    private final Map<String, Boolean> followed = new HashMap<>();
    /** Guarded by this. */
    private final Map<String, Reached> reached = new HashMap<>();

    private volatile @Nullable IOException trouble;

    Containers(EngineClient client, DockerSourceConfig config, BlockingQueue<News> news, InstantSource clock) {
        this.client = client;
        this.config = config;
        this.selection = new Selection(config);
        this.news = news;
        this.clock = clock;
    }

    /** What the engine has: containers' ids to whether they run. */
    record Listed(Map<String, Boolean> running) {}

    /** Begins to listen for what is started and removed, and returns what is there. */
    Listed listen() throws IOException {
        EngineClient.Answer events = client.get(EVENTS); // first, so that nothing is started in between
        threads.execute(() -> readEvents(events));
        Map<String, Boolean> running = new HashMap<>();
        for (JsonNode item : client.getJson("/containers/json?all=1")) {
            running.put(
                    Container.shortId(item.path("Id").asText()),
                    RUNNING.contains(item.path("State").asText()));
        }
        return new Listed(running);
    }

    /** Reads what runs, and what has stopped since it was read last. */
    void followAll(Listed listed, Map<String, Cursor> from) {
        synchronized (this) {
            for (String log : from.keySet()) {
                String id = DockerPosition.container(log);
                reached.put(id, Reached.in(from, id));
            }
        }
        listed.running.keySet().forEach(this::follow);
    }

    /** Why no more events come; {@code null} while they do. */
    @Nullable
    IOException trouble() {
        return trouble;
    }

    private void readEvents(EngineClient.Answer events) {
        try (events) {
            while (stop.getCount() > 0) {
                String line = Head.line(events.body(), MAX_EVENT_BYTES);
                if (line.isBlank()) {
                    continue;
                }
                JsonNode event = EngineClient.json(line.getBytes(ISO_8859_1));
                String id = Container.shortId(event.path("Actor").path("ID").asText());
                switch (event.path("Action").asText()) {
                    case "start" -> follow(id);
                    case "destroy" -> removed(id);
                    default -> {}
                }
            }
        } catch (IOException e) {
            trouble = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(String id) {
        synchronized (this) {
            if (stop.getCount() == 0 || followed.put(id, followed.containsKey(id)) != null) {
                return; // its follower looks again before it ends
            }
        }
        threads.execute(() -> followToEnd(id));
    }

    private void removed(String id) throws InterruptedException {
        synchronized (this) {
            if (followed.replace(id, true) != null) {
                return; // its follower looks again before it ends, and finds out
            }
            reached.remove(id);
        }
        news.put(new News.Gone(id));
    }

    private void followToEnd(String id) {
        try {
            boolean gone;
            do {
                gone = followOnce(id);
            } while (!gone && !isOver(id));
            if (gone) {
                synchronized (this) {
                    followed.remove(id);
                    reached.remove(id);
                }
                news.put(new News.Gone(id));
            }
        } catch (IOException e) {
            if (stop.getCount() > 0) {
                trouble = e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** True when the container was removed. */
    private boolean followOnce(String id) throws IOException, InterruptedException {
        Container container = described(id);
        if (container == null || !selection.holds(container)) {
            return container == null;
        }
        Reached from;
        synchronized (this) {
            from = reached.getOrDefault(id, new Reached(null, null));
        }
        log.info("{}: reading container {}", config.id(), container.name());
        Follower follower = new Follower(client, container, config.maxLineBytes(), from, news, stop, clock);
        boolean gone = follower.follow();
        synchronized (this) {
            reached.put(id, follower.reached());
        }
        return gone;
    }

    /** {@code null} when it was removed. Asks again when the engine cannot tell: the container may be written to meanwhile. */
    private @Nullable Container described(String id) throws IOException, InterruptedException {
        boolean warned = false;
        do {
            try {
                return Container.of(client.getJson("/containers/" + id + "/json"));
            } catch (EngineClient.Refused e) {
                if (e.status() == 404) {
                    return null;
                }
                if (!warned) {
                    log.warn("{}: container {}: {}; asking again", config.id(), id, e.getMessage());
                    warned = true;
                }
            }
        } while (!stop.await(ASK_AGAIN_SECONDS, TimeUnit.SECONDS));
        throw new InterruptedException("closing");
    }

    /** True unless it was started again meanwhile. */
    private synchronized boolean isOver(String id) {
        boolean again = followed.getOrDefault(id, false);
        if (again && stop.getCount() > 0) {
            followed.put(id, false);
            return false;
        }
        followed.remove(id);
        return true;
    }

    /** Ends all followers; what they read and did not hand on is read again. */
    @Override
    public void close() {
        stop.countDown();
        client.close();
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                log.warn("{}: a follower does not end", config.id());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Those of the cursors whose containers still exist. */
    static Map<String, Cursor> existing(Map<String, Cursor> cursors, Listed listed) {
        Map<String, Cursor> existing = new HashMap<>(cursors);
        Set<String> known = new HashSet<>(listed.running.keySet());
        existing.keySet().removeIf(log -> !known.contains(DockerPosition.container(log)));
        return existing;
    }
}
