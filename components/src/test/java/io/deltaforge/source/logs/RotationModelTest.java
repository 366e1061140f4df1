package io.deltaforge.source.logs;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.event.LogEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files are written, renamed, truncated, deleted and made anew at random, and the reading is killed and begun again at any of
 * its commits: every line comes out once, and in order per file. What is destroyed was read before, else it would be lost.
 */
class RotationModelTest {
    private static final List<String> NAMES = List.of("a.log", "b.log", "c.log");
    private static final int KEPT = 3;

    @TempDir
    Path directory;

    private final Map<String, String> unfinished = new HashMap<>();
    private final List<String> written = new ArrayList<>();
    private final List<LogEntry> delivered = new ArrayList<>();
    private int linesMade;

    private @Nullable Following following;
    private @Nullable String checkpoint;
    private int durable;
    private final List<String> history = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void everyLineOnceAndInOrder(int round) throws Exception {
        long seed = Long.getLong("deltaforge.seed", System.nanoTime());
        System.out.println("RotationModelTest: -Ddeltaforge.seed=" + seed);
        Random random = new Random(seed);
        try {
            for (int i = 0; i < 250; i++) {
                act(random);
            }
            NAMES.forEach(this::finishLine);
            start();
            awaitAll();
        } catch (Throwable e) {
            throw new AssertionError("seed " + seed + ", after " + history, e);
        } finally {
            if (following != null) {
                kill(random);
            }
        }
        List<String> missing = new ArrayList<>(written);
        List<String> surplus = new ArrayList<>();
        for (String line : allDelivered()) {
            if (!missing.remove(line)) {
                surplus.add(line);
            }
        }
        assertThat(missing)
                .as("missing with seed " + seed + ", surplus " + surplus + ", after " + history)
                .isEmpty();
        assertThat(surplus)
                .as("surplus with seed " + seed + ", after " + history)
                .isEmpty();
        Map<String, Integer> last = new HashMap<>();
        for (LogEntry entry : delivered) {
            int number = Integer.parseInt(LogFeed.text(entry).split(" ")[1]);
            assertThat(number).isGreaterThan(last.getOrDefault(entry.stream().id(), -1));
            last.put(entry.stream().id(), number);
        }
    }

    private void act(Random random) throws Exception {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        int choice = random.nextInt(100);
        if (choice < 60) {
            append(name, random);
        } else if (choice < 69) {
            rotate(name);
        } else if (choice < 72) {
            compress(name + "." + random.nextInt(1, KEPT + 1));
        } else if (choice < 76) {
            finishLine(name);
            start();
            awaitAll();
            Files.writeString(directory.resolve(name), random.nextBoolean() ? "" : line(name, random) + "\n");
            history.add("truncate " + name);
        } else if (choice < 80) {
            finishLine(name);
            start();
            awaitAll();
            Files.deleteIfExists(directory.resolve(name));
            history.add("delete " + name);
        } else if (choice < 90) {
            start();
        } else {
            kill(random);
        }
    }

    private String line(String name, Random random) {
        String line = name + " " + linesMade++ + " " + "x".repeat(random.nextInt(random.nextInt(4) == 0 ? 900 : 40));
        written.add(line);
        return line;
    }

    /** Some lines, the last of them maybe without its end, which comes with the next. */
    private void append(String name, Random random) throws IOException {
        StringBuilder text = new StringBuilder(unfinished.getOrDefault(name, ""));
        unfinished.remove(name);
        for (int i = random.nextInt(1, 30); i > 0; i--) {
            text.append(line(name, random)).append('\n');
        }
        if (random.nextInt(3) == 0) {
            String last = line(name, random) + "\n";
            int cut = random.nextInt(1, last.length());
            text.append(last, 0, cut);
            unfinished.put(name, last.substring(cut));
        }
        Files.writeString(directory.resolve(name), text, CREATE, APPEND);
        history.add("append " + name + " to " + linesMade + (unfinished.containsKey(name) ? "-" : ""));
    }

    private void finishLine(String name) {
        String rest = unfinished.remove(name);
        if (rest != null) {
            try {
                Files.writeString(directory.resolve(name), rest, CREATE, APPEND);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void rotate(String name) throws Exception {
        finishLine(name);
        Path oldest = directory.resolve(name + "." + KEPT);
        if (Files.exists(oldest)) {
            start();
            awaitAll();
            Files.delete(oldest);
        }
        for (int i = KEPT; i > 0; i--) {
            Path from = directory.resolve(i == 1 ? name : name + "." + (i - 1));
            if (Files.exists(from)) {
                Files.move(from, directory.resolve(name + "." + i));
            }
        }
        history.add("rotate " + name);
    }

    private void compress(String name) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.exists(file)) {
            return;
        }
        Path compressing = directory.resolve("compressing");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressing))) {
            Files.copy(file, out);
        }
        Files.move(compressing, directory.resolve(name + "." + history.size() + ".gz"));
        Files.delete(file);
        history.add("compress " + name);
    }

    private void start() {
        if (following == null) {
            LogsSourceConfig config =
                    Settings.of(LogsSourceConfig.ReadFrom.BEGINNING, Duration.ofHours(1), directory, "*.log*");
            following = Following.from(config, checkpoint);
            durable = 0;
            following.feed().durable(0);
            history.add("start");
        }
    }

    /** Everything was read, and that is durable. */
    private void awaitAll() {
        Following running = java.util.Objects.requireNonNull(following);
        int expected = written.size() - unfinished.size() - delivered.size();
        try {
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                List<LogFeed.Commit> commits = running.feed().commits();
                return expected == 0 || (!commits.isEmpty() && commits.getLast().entries() >= expected);
            });
        } catch (ConditionTimeoutException e) {
            Set<String> missing = new LinkedHashSet<>(written);
            missing.removeAll(allDelivered());
            missing.removeAll(running.feed().lines());
            throw new AssertionError("not read, or not yet finished: " + missing, e);
        }
        durable = running.feed().commits().size();
        running.feed().durable(durable);
    }

    /** What was not committed, or what was and is not durable, is as if it had never been read. */
    private void kill(Random random) {
        Following running = following;
        if (running == null) {
            return;
        }
        List<LogFeed.Commit> before = running.feed().commits();
        int kept = before.size() <= durable ? durable : random.nextInt(durable, before.size() + 1);
        running.close();
        following = null;
        history.add("kill at " + kept + " of " + before.size());
        if (kept > 0) {
            LogFeed.Commit commit = before.get(kept - 1);
            checkpoint = commit.position().text();
            delivered.addAll(running.feed().entries().subList(0, commit.entries()));
        }
    }

    private List<String> allDelivered() {
        return delivered.stream().map(LogFeed::text).toList();
    }
}
