package io.deltaforge.sink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.spi.Failure;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The compacted topic that keeps the checkpoints of transactional sinks. Its records: key {@code pipeline/source/sink}, value
 * the position's text, both UTF-8, all in partition 0. Confined to one thread.
 */
final class CheckpointTopic {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointTopic.class);

    private static final int PARTITION = 0;
    private static final int MOST_REPLICAS = 3;
    private static final int ADMIN_TIMEOUT_MS = 10_000;
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);

    /** A start reads all of it: small segments are compacted soon, and the one in use never is. */
    private static final Map<String, String> SETTINGS = Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.SEGMENT_BYTES_CONFIG,
            Integer.toString(8 << 20),
            TopicConfig.SEGMENT_MS_CONFIG,
            Long.toString(Duration.ofDays(1).toMillis()),
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
            "0.1");

    private final String name;
    private final byte[] key;
    private final TopicPartition partition;

    /** @param key of this sink's checkpoint */
    CheckpointTopic(String name, String key) {
        this.name = name;
        this.key = key.getBytes(UTF_8);
        this.partition = new TopicPartition(name, PARTITION);
    }

    /** Creates it when it is missing, and looks at its settings when it is not. */
    void ensure(Map<String, Object> producerSettings) throws Failure {
        try (BriefAdmin brief = new BriefAdmin(KafkaClients.admin(producerSettings, ADMIN_TIMEOUT_MS))) {
            if (exists(brief.client())) {
                requireCompacted(brief.client());
            } else {
                create(brief.client());
            }
        } catch (ExecutionException e) {
            throw failed("cannot be prepared", e.getCause() instanceof Exception cause ? cause : e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure.Retryable("interrupted while preparing topic " + name, e);
        }
    }

    private boolean exists(Admin admin) throws ExecutionException, InterruptedException {
        try {
            admin.describeTopics(List.of(name)).allTopicNames().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    private void create(Admin admin) throws ExecutionException, InterruptedException {
        int brokers = admin.describeCluster().nodes().get().size();
        int replicas = Math.min(brokers, MOST_REPLICAS);
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, replicas == MOST_REPLICAS ? "2" : "1");
        NewTopic topic = new NewTopic(name, Optional.of(1), Optional.of((short) replicas)).configs(settings);
        try {
            admin.createTopics(List.of(topic)).all().get();
            LOG.info("created topic {} for the checkpoints, with {} replicas", name, replicas);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    /** A topic that deletes by time would forget a pipeline that was stopped for long enough. */
    private void requireCompacted(Admin admin) throws ExecutionException, InterruptedException, Failure.Fatal {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        ConfigEntry policy = null;
        try {
            for (Config settings :
                    admin.describeConfigs(List.of(resource)).all().get().values()) {
                policy = settings.get(TopicConfig.CLEANUP_POLICY_CONFIG);
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return; // not being allowed to look is no reason to stop
            }
            throw e;
        }
        if (policy != null && !TopicConfig.CLEANUP_POLICY_COMPACT.equals(policy.value())) {
            throw new Failure.Fatal(
                    "topic " + name + " keeps the checkpoints, but its cleanup.policy is " + policy.value()
                            + ", which can delete them. Set it: kafka-configs.sh --alter --topic " + name
                            + " --add-config cleanup.policy=compact");
        }
    }

    /**
     * The newest checkpoint that was committed. To be called when nothing of this sink's is in doubt.
     *
     * <p>Transactions of others may be open in the partition, for minutes where their process was killed, and readers of
     * committed records get no further than the first of them. One of ours may lie behind it, and then there is no other
     * way than to wait; mostly none does.
     */
    @Nullable
    String read(Map<String, Object> producerSettings) throws Failure {
        long deadlineNanos = System.nanoTime() + READ_TIMEOUT.toNanos();
        try (BriefAdmin brief = new BriefAdmin(KafkaClients.admin(producerSettings, ADMIN_TIMEOUT_MS))) {
            long end = end(brief.client(), IsolationLevel.READ_UNCOMMITTED);
            long decided = Math.min(end, end(brief.client(), IsolationLevel.READ_COMMITTED));
            Part undecided = new Part(IsolationLevel.READ_UNCOMMITTED, decided, end);
            boolean waits = decided < end && newestIn(undecided, producerSettings, deadlineNanos) != null;
            Part readable = new Part(IsolationLevel.READ_COMMITTED, null, waits ? end : decided);
            ConsumerRecord<byte[], byte[]> newest = newestIn(readable, producerSettings, deadlineNanos);
            return newest == null || newest.value() == null ? null : new String(newest.value(), UTF_8);
        } catch (ExecutionException e) {
            throw failed("cannot be read", e.getCause() instanceof Exception cause ? cause : e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure.Retryable("interrupted while reading topic " + name, e);
        } catch (RuntimeException e) {
            throw failed("cannot be read", e);
        }
    }

    private long end(Admin admin, IsolationLevel isolation) throws ExecutionException, InterruptedException {
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                .partitionResult(partition)
                .get()
                .offset();
    }

    /**
     * A part of the partition.
     *
     * @param from {@code null} for its beginning
     * @param to behind the last record
     */
    private record Part(IsolationLevel isolation, @Nullable Long from, long to) {}

    /** This sink's newest record; {@code null} when it has none there. */
    private @Nullable ConsumerRecord<byte[], byte[]> newestIn(
            Part part, Map<String, Object> producerSettings, long deadlineNanos) throws Failure {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                consumerSettings(producerSettings, part.isolation),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        try {
            consumer.assign(List.of(partition));
            if (part.from == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, part.from);
            }
            return newestUpTo(part.to, consumer, deadlineNanos);
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private @Nullable ConsumerRecord<byte[], byte[]> newestUpTo(
            long end, KafkaConsumer<byte[], byte[]> consumer, long deadlineNanos) throws Failure.Retryable {
        ConsumerRecord<byte[], byte[]> newest = null;
        while (true) {
            long leftNanos = deadlineNanos - System.nanoTime();
            long position = consumer.position(partition, Duration.ofNanos(Math.max(0, leftNanos)));
            if (position >= end) {
                return newest;
            }
            if (leftNanos <= 0) {
                throw new Failure.Retryable(
                        "the checkpoint cannot be read from topic " + name
                                + ": another transaction in it is open, or the brokers do not answer (offset "
                                + position + " of " + end + ")",
                        null);
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (Arrays.equals(record.key(), key)) {
                    newest = record;
                }
            }
        }
    }

    private static Map<String, Object> consumerSettings(
            Map<String, Object> producerSettings, IsolationLevel isolation) {
        Map<String, Object> settings = KafkaClients.connection(producerSettings, ConsumerConfig.configNames());
        settings.remove(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG);
        settings.put(ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        settings.put(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, "false");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.toString());
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return settings;
    }

    /**
     * Adds the checkpoint to the producer's open transaction, and waits until the brokers have it: the client may end a
     * transaction without what was sent just before (ADR 0019).
     *
     * @throws RuntimeException the client's, when they do not take it
     */
    void write(String position, Producer<byte[], byte[]> producer) {
        Future<RecordMetadata> sent =
                producer.send(new ProducerRecord<>(name, PARTITION, key, position.getBytes(UTF_8)));
        producer.flush(); // without linger.ms, which get alone would wait for
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private Failure failed(String what, Exception error) {
        if (error instanceof AuthorizationException) {
            return new Failure.Fatal(
                    "topic " + name + ", which keeps the checkpoints of exactly_once, " + what + ": "
                            + KafkaErrors.sentence(error)
                            + " Grant Read, Write, Describe and Create on it: kafka-acls.sh --add --allow-principal User:…"
                            + " --operation Read --operation Write --operation Describe --operation Create --topic "
                            + name,
                    error);
        }
        return KafkaErrors.onTransaction(error);
    }
}
