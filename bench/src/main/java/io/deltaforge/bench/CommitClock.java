package io.deltaforge.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Commits numbered rows, sees them come out of a topic, and knows when each did either. */
final class CommitClock implements AutoCloseable {
    private static final int WRITERS = 4;
    private static final int PARTITIONS = 4;
    private static final int MOST_ROWS = 10_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Servers servers;
    private final String name;
    private final String topic;
    private final AtomicLong nextRow = new AtomicLong();
    private final AtomicLong seen = new AtomicLong();
    /** By row: {@link System#nanoTime} at the return of its commit, and when it was received. */
    private final AtomicLongArray committed = new AtomicLongArray(MOST_ROWS);

    private final AtomicLongArray received = new AtomicLongArray(MOST_ROWS);
    private final Thread reader;
    private volatile boolean closed;

    private CommitClock(Servers servers, String name, String topic) {
        this.servers = servers;
        this.name = name;
        this.topic = topic;
        this.reader = Thread.ofPlatform().name("consumer").start(this::read);
    }

    /** Makes table and topic. */
    static CommitClock over(Servers servers, String name) throws SQLException, InterruptedException {
        String topic = "bench." + name + "." + System.nanoTime();
        try (Connection connection = DriverManager.getConnection(servers.jdbcUrl);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS " + name);
            statement.execute("CREATE TABLE " + name + " (id bigint PRIMARY KEY, payload text NOT NULL)");
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers.brokers))) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot create topic " + topic, e.getCause());
        }
        return new CommitClock(servers, name, topic);
    }

    BenchPipeline pipeline() {
        return new BenchPipeline(servers, name, name + "_pub", "public." + name, topic, "native");
    }

    /** Commits rows until the first comes out: the pipeline works. */
    void awaitFirst(Run run) throws SQLException, IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!run.isUp()) {
            check(run, deadlineNanos);
        }
        commit(1, Duration.ofMillis(1));
        while (seen.get() < nextRow.get()) {
            check(run, deadlineNanos);
        }
    }

    private static void check(Run run, long deadlineNanos) throws IOException {
        if (!run.isAlive() || System.nanoTime() > deadlineNanos) {
            throw new IOException("the run does not deliver; its log:\n" + run.log());
        }
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }

    /** Returns for each row that was committed after the warm-up how long it took, in nanoseconds. */
    long[] measure(int rate, Duration warmUp, Duration measured)
            throws SQLException, InterruptedException, IOException {
        commit(rate, warmUp);
        int first = (int) nextRow.get();
        commit(rate, measured);
        int end = (int) nextRow.get();
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (seen.get() < end) {
            if (System.nanoTime() > deadlineNanos) {
                throw new IOException(end - seen.get() + " rows of " + end + " have not come out");
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        long[] nanos = new long[end - first];
        for (int row = first; row < end; row++) {
            // the record may be here before the writer has come back from its commit
            nanos[row - first] = Math.max(0, received.get(row) - committed.get(row));
        }
        return nanos;
    }

    /** At a steady rate, over several connections, for so long. */
    private void commit(int rate, Duration time) throws SQLException, InterruptedException {
        long startNanos = System.nanoTime();
        long rows = Math.max(1, rate * time.toMillis() / 1000);
        long firstRow = nextRow.getAndAdd(rows);
        List<Thread> writers = new ArrayList<>();
        List<Connection> connections = new ArrayList<>();
        List<SQLException> failures = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            Connection connection = DriverManager.getConnection(servers.jdbcUrl);
            connections.add(connection);
            int writer = w;
            writers.add(Thread.ofPlatform().name("writer-" + w).start(() -> {
                try (PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO " + name + " VALUES (?, repeat('payload ', 12))")) {
                    for (long i = writer; i < rows; i += WRITERS) {
                        long dueNanos = startNanos + i * 1_000_000_000L / rate;
                        LockSupport.parkNanos(dueNanos - System.nanoTime());
                        insert.setLong(1, firstRow + i);
                        insert.executeUpdate();
                        committed.set((int) (firstRow + i), System.nanoTime());
                    }
                } catch (SQLException e) {
                    synchronized (failures) {
                        failures.add(e);
                    }
                }
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        for (Connection connection : connections) {
            connection.close();
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private void read() {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", servers.brokers, "isolation.level", "read_committed", "fetch.min.bytes", 1);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                partitions.add(new TopicPartition(topic, partition));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!closed) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    int row = rowOf(record.key());
                    if (received.compareAndSet(row, 0, System.nanoTime())) {
                        seen.incrementAndGet();
                    }
                }
            }
        }
    }

    /** From a key such as {@code {"id":17}}. */
    private static int rowOf(byte[] key) {
        String text = new String(key, US_ASCII);
        return Integer.parseInt(text, text.indexOf(':') + 1, text.length() - 1, 10);
    }

    @Override
    public void close() throws SQLException {
        closed = true;
        try (Connection connection = DriverManager.getConnection(servers.jdbcUrl);
                Statement statement = connection.createStatement()) {
            reader.join();
            statement.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
                    + name + "' AND NOT active");
            statement.execute("DROP PUBLICATION IF EXISTS " + name + "_pub");
            statement.execute("DROP TABLE IF EXISTS " + name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
