package io.deltaforge.sink.kafka;

import io.deltaforge.sink.kafka.KafkaErrors.BatchFailed;
import io.deltaforge.sink.kafka.KafkaErrors.RecordError;
import io.deltaforge.spi.Failure;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a topic is there before the first record goes to it. By itself a producer waits for a missing one as
 * long as for a record's delivery ({@code max.block.ms}), and says nothing until then. Confined to the delivery thread.
 */
final class Topics {
    /** Many times what it takes a cluster to create a topic that is written to, where it does that. */
    private static final Duration WAIT_FOR_TOPIC = Duration.ofSeconds(3);

    private static final int MAX_ASK_TIMEOUT_MS = 10_000;
    private static final int MIN_ASK_TIMEOUT_MS = 1_000;
    /** Asking for a topic costs next to nothing, and whoever creates it watches. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private final ProducerSettings settings;
    private final @Nullable TopicCreation creation;
    private final Set<String> known = new HashSet<>();
    private @Nullable String missing;
    private @Nullable Admin admin;

    private enum Presence {
        THERE,
        MISSING,
        /** The cluster does not answer, or not that. */
        UNKNOWN
    }

    Topics(String sinkId, ProducerSettings settings, @Nullable CreateTopics create) {
        this.settings = settings;
        this.creation = create == null ? null : new TopicCreation(sinkId, create);
    }

    /** True for a topic that had no {@link #obstacle}. */
    boolean isKnown(String topic) {
        return known.contains(topic);
    }

    /** Why nothing can be sent to a topic; {@code null} when the producer may go on. */
    @Nullable
    RecordError obstacle(String topic, Producer<?, ?> producer) {
        if (isKnown(topic)) {
            return null;
        }
        RecordError obstacle = seek(topic, producer);
        if (obstacle == null) {
            known.add(topic);
        } else if (obstacle instanceof BatchFailed(Failure failure) && !isTimeout(failure)) {
            missing = topic;
        }
        return obstacle;
    }

    /** The cluster does not answer, which says nothing of a topic. */
    private static boolean isTimeout(Failure failure) {
        return failure instanceof Failure.Retryable retryable && retryable.isTimeout();
    }

    /**
     * Forgets what is known, as topics can be deleted, and waits for the one that was missing: what precedes its event in
     * the batch is not to be sent again for every time that it is still not there.
     */
    void recover(Producer<?, ?> producer) throws Failure {
        known.clear();
        String awaited = missing;
        missing = null;
        if (awaited != null && obstacle(awaited, producer) instanceof BatchFailed(Failure failure)) {
            throw failure;
        }
    }

    /** {@link #recover} need not wait: the event that wanted the topic is kept by somebody else. */
    void forgetMissing() {
        missing = null;
    }

    void close() {
        Admin open = admin;
        admin = null;
        if (open != null) {
            open.close(Duration.ZERO);
        }
    }

    private @Nullable RecordError seek(String topic, Producer<?, ?> producer) {
        try {
            if (creation != null) {
                RecordError refusal = createIfMissing(topic, creation);
                if (refusal != null) {
                    return refusal;
                }
            }
            return ask(topic, producer);
        } catch (Failure failure) {
            return new BatchFailed(failure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new BatchFailed(new Failure.Retryable("interrupted while looking for topic " + topic, e));
        }
    }

    private @Nullable RecordError createIfMissing(String topic, TopicCreation how)
            throws Failure, InterruptedException {
        return presence(topic) == Presence.MISSING ? how.create(topic, admin()) : null;
    }

    /** The producer asks on a thread of its own, as nothing bounds its wait but a setting that serves for more. */
    private @Nullable RecordError ask(String topic, Producer<?, ?> producer) throws Failure, InterruptedException {
        FutureTask<List<?>> answer = new FutureTask<>(() -> producer.partitionsFor(topic));
        Thread.ofPlatform().daemon().name("topic-" + topic).start(answer);
        try {
            answer.get(WAIT_FOR_TOPIC.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause
                    && !(cause instanceof org.apache.kafka.common.errors.TimeoutException)) {
                return KafkaErrors.onRecord(cause, topic);
            }
        } catch (TimeoutException e) {
            // the topic is not there, or the brokers are not: that is asked below
        }
        return switch (presence(topic)) {
            case THERE -> null;
            case MISSING -> new BatchFailed(missing(topic));
            case UNKNOWN -> outcome(answer, topic);
        };
    }

    /** That of the producer's own waiting: sending would wait as long once more. */
    private static @Nullable RecordError outcome(FutureTask<List<?>> answer, String topic) throws InterruptedException {
        try {
            answer.get();
            return null;
        } catch (ExecutionException e) {
            return e.getCause() instanceof Exception cause ? KafkaErrors.onRecord(cause, topic) : null;
        }
    }

    private Failure.Retryable missing(String topic) {
        String brokers = settings.text(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG);
        return new Failure.Retryable(
                "topic " + topic + " is not there: create it (kafka-topics.sh --bootstrap-server " + brokers
                        + " --create --topic " + topic + "), or let the sink do so with create_topics",
                null,
                ASK_AGAIN);
    }

    /** What the cluster says: whatever else is wrong, the producer meets it too and knows what it means. */
    private Presence presence(String topic) throws Failure, InterruptedException {
        try {
            admin().describeTopics(List.of(topic)).allTopicNames().get();
            return Presence.THERE;
        } catch (ExecutionException e) {
            return e.getCause() instanceof UnknownTopicOrPartitionException ? Presence.MISSING : Presence.UNKNOWN;
        }
    }

    private Admin admin() throws Failure {
        Admin open = admin;
        if (open == null) {
            long patienceMs = Long.parseLong(settings.text(ProducerConfig.MAX_BLOCK_MS_CONFIG));
            int timeoutMs = Math.clamp(patienceMs, MIN_ASK_TIMEOUT_MS, MAX_ASK_TIMEOUT_MS);
            open = KafkaClients.admin(KafkaClients.load(settings), timeoutMs);
            admin = open;
        }
        return open;
    }
}
