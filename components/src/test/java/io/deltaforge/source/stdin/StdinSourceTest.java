package io.deltaforge.source.stdin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.event.LogEntry;
import io.deltaforge.source.PushFeed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StdinSourceTest {
    private static final StdinSourceConfig CONFIG = new StdinSourceConfig("in", Map.of("app", "shop"), 262_144);

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    @Test
    void endsWithItsInputAfterEverythingIsDurable() {
        try (PushFeed feed = PushFeed.run(new StdinSource(CONFIG, text("one\ntwo\nthree")))) {
            feed.awaitEnd();
            assertThat(feed.messages()).containsExactly("one", "two", "three");
            LogEntry first = feed.entries().getFirst();
            assertThat(first.stream().labels()).isEqualTo(Map.of("app", "shop"));
            assertThat(first.transaction().source().connector()).isEqualTo("stdin");
            assertThat(Long.parseLong(feed.position())).isEqualTo(first.offset() + 2);
        }
    }

    @Test
    void doesNotEndBeforeEverythingIsDurable() throws InterruptedException {
        try (PushFeed feed = PushFeed.runWithoutDurability(new StdinSource(CONFIG, text("one\n")))) {
            feed.awaitEntries(1);
            assertThat(feed.awaitEndFor(Duration.ofMillis(300))).isFalse();
            feed.durableAtOnce(true);
            feed.awaitEnd();
        }
    }

    @Test
    void deliversLinesAsTheyCome() throws IOException {
        try (PipedOutputStream out = new PipedOutputStream();
                PushFeed feed = PushFeed.run(new StdinSource(CONFIG, new PipedInputStream(out)))) {
            out.write("first\nsec".getBytes(UTF_8));
            out.flush();
            feed.awaitEntries(1);
            out.write("ond\n".getBytes(UTF_8));
            out.flush();
            feed.awaitEntries(2);
            assertThat(feed.messages()).containsExactly("first", "second");
        }
    }

    /** {@code yes}, say: a stop ends the reading, and what was read by then is handed on. */
    @Test
    void aStopEndsTheReadingOfAPipeThatHasNoEnd() {
        Yes yes = new Yes();
        StdinSource source = new StdinSource(CONFIG, yes);
        PushFeed feed = PushFeed.runWithoutDurability(source);
        feed.awaitAlive();
        feed.room(false);
        int before = yes.lines.get();

        feed.close();

        int read = yes.lines.get();
        assertThat(feed.entries().size()).isEqualTo(read);
        assertThat(read).isBetween(before, Yes.MOST_LINES - 1);
        // as after an aborted transaction of Kafka
        try (PushFeed next = PushFeed.resume(source, feed.position())) {
            next.awaitEntries(1);
            assertThat(next.entries().getFirst().offset()).isEqualTo(Long.parseLong(feed.position()) + 1);
        }
    }

    /** Lines without end, as fast as they are read; the end that it has all the same is for a reader that does not stop. */
    private static final class Yes extends InputStream {
        static final int MOST_LINES = 200_000;
        private static final byte[] LINE = ("y".repeat(999) + "\n").getBytes(UTF_8);
        final AtomicInteger lines = new AtomicInteger();

        @Override
        public int read() {
            throw new UnsupportedOperationException("read many");
        }

        @Override
        public int read(byte[] into, int from, int length) {
            int count = Math.min(length / LINE.length, MOST_LINES - lines.get());
            for (int i = 0; i < count; i++) {
                System.arraycopy(LINE, 0, into, from + i * LINE.length, LINE.length);
            }
            lines.addAndGet(count);
            return count == 0 ? -1 : count * LINE.length;
        }
    }

    @Test
    void saysWhatItCannotRead() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Input/output error");
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                throw new IOException("Input/output error");
            }
        };
        try (PushFeed feed = PushFeed.run(new StdinSource(CONFIG, broken))) {
            assertThat(feed.awaitFatal()).hasMessageContaining("standard input").hasMessageContaining("Input/output");
        }
    }
}
