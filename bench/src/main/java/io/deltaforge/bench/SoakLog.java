package io.deltaforge.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Log files that grow at a steady rate, by a thread of its own: numbered JSON lines of 200 bytes, those of a key always in
 * the same file.
 */
final class SoakLog implements AutoCloseable {
    static final int KEYS = 1000;

    private static final int LINE_BYTES = 200;
    private static final Duration STEP = Duration.ofMillis(20);

    private final List<OutputStream> files = new ArrayList<>();
    private final int rate;
    private final AtomicLong written = new AtomicLong();
    private final Thread writer;
    private volatile boolean stopped;
    private volatile @Nullable IOException failure;

    private SoakLog(Path directory, int count, int rate) throws IOException {
        this.rate = rate;
        for (int i = 0; i < count; i++) {
            files.add(Files.newOutputStream(directory.resolve("service-" + i + ".log")));
        }
        this.writer = Thread.ofPlatform().name("soak-log").start(this::write);
    }

    /** @param rate lines a second, in all files together */
    static SoakLog begin(Path directory, int files, int rate) throws IOException {
        return new SoakLog(directory, files, rate);
    }

    /** How many lines; they are numbered from 0. */
    long written() {
        return written.get();
    }

    /** Returns when the last line is in its file. */
    void stop() throws IOException {
        stopped = true;
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new IOException("the log could not be written", failure);
        }
    }

    private void write() {
        List<ByteArrayOutputStream> texts =
                files.stream().map(file -> new ByteArrayOutputStream(1 << 16)).toList();
        long startNanos = System.nanoTime();
        try {
            for (long number = 0; !stopped; ) {
                long due = (System.nanoTime() - startNanos) / 1000 * rate / 1_000_000;
                for (; number < due; number++) {
                    int key = (int) (number * 7919 % KEYS);
                    texts.get(key % files.size()).writeBytes(line(number, key));
                }
                for (int i = 0; i < files.size(); i++) {
                    texts.get(i).writeTo(files.get(i));
                    texts.get(i).reset();
                }
                written.set(number);
                LockSupport.parkNanos(STEP.toNanos());
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    private static byte[] line(long number, int key) {
        String text = "{\"n\":" + number + ",\"key\":\"" + key + "\",\"msg\":\"";
        return (text + "x".repeat(LINE_BYTES - text.length() - 3) + "\"}\n").getBytes(US_ASCII);
    }

    @Override
    public void close() throws IOException {
        stop();
        for (OutputStream file : files) {
            file.close();
        }
    }
}
