package io.deltaforge.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Programs that write logs: each line tells its writer, the file's number and its own, e.g. {@code w=a file=3 n=1207}. Every
 * now and then a writer renames its file and begins another, as logrotate does.
 */
final class LogWriters implements AutoCloseable {
    private static final long BETWEEN_WRITES_NANOS = 15_000_000;

    private final Path directory;
    private final AtomicLong lines = new AtomicLong();
    private final List<CompletableFuture<Void>> writers = new ArrayList<>();
    private volatile boolean writing = true;

    LogWriters(Path directory) {
        this.directory = directory;
    }

    void start(String name, long seed) {
        writers.add(CompletableFuture.runAsync(() -> {
            try {
                write(name, new Random(seed));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }));
    }

    private void write(String name, Random random) throws IOException {
        Path file = directory.resolve(name + ".log");
        long number = 0;
        for (int files = 0; writing; files++) {
            int inThis = 200 + random.nextInt(4000);
            try (OutputStream out = Files.newOutputStream(file, CREATE, APPEND)) {
                for (int i = 0; i < inThis && writing; ) {
                    int burst = 1 + random.nextInt(20);
                    StringBuilder text = new StringBuilder();
                    for (int k = 0; k < burst; k++, i++) {
                        text.append("w=%s file=%d n=%d %s\n"
                                .formatted(name, files, number++, "x".repeat(random.nextInt(200))));
                    }
                    byte[] bytes = text.toString().getBytes(UTF_8);
                    int cut = random.nextInt(bytes.length);
                    out.write(bytes, 0, cut); // a reader may see half a line
                    out.write(bytes, cut, bytes.length - cut);
                    lines.addAndGet(burst);
                    LockSupport.parkNanos(BETWEEN_WRITES_NANOS);
                }
            }
            Files.move(file, directory.resolve(name + ".log." + files));
        }
    }

    /** How many lines were written. */
    long lines() {
        return lines.get();
    }

    /** Lets the writers finish what they are at. */
    @Override
    public void close() {
        writing = false;
        writers.forEach(CompletableFuture::join);
    }
}
