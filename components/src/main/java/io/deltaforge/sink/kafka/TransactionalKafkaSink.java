package io.deltaforge.sink.kafka;

import io.deltaforge.event.Position;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Figure;
import io.deltaforge.spi.HandMade;
import io.deltaforge.spi.SinkContext;
import io.deltaforge.spi.TransactionalSink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * Delivers batches to a Kafka cluster in transactions that also hold the checkpoint: exactly once, for consumers that read
 * committed. Confined to the sink's delivery thread.
 *
 * <p>A start, and every reset, begins with {@code initTransactions}: it fences whoever used the transactional id before, and
 * ends what they left open. Only then does the checkpoint topic say for certain how far the pipeline got. The order is
 * that of <a href="https://cwiki.apache.org/confluence/display/KAFKA/KIP-98">KIP-98</a>.
 */
public final class TransactionalKafkaSink implements TransactionalSink, KafkaClusterUser {
    /** Long enough to tell the brokers that an open transaction is given up, so that readers need not wait for its timeout. */
    private static final Duration TIME_TO_ABORT = Duration.ofSeconds(2);

    private final KafkaSinkConfig config;
    private final KafkaWriter writer;
    private @Nullable CheckpointTopic checkpoints;
    private @Nullable String checkpoint;
    private String transactionalId = "";
    private boolean begun;
    private long beganNanos;
    private long timeoutNanos;

    public TransactionalKafkaSink(KafkaSinkConfig config) {
        this.config = config;
        this.writer = new KafkaWriter(config);
    }

    @Override
    public KafkaSinkConfig cluster() {
        return config;
    }

    @Override
    public List<Figure> figures() {
        return writer.figures();
    }

    @Override
    public void open(SinkContext context) throws Failure {
        transactionalId = config.transactionalId(context.pipeline());
        CheckpointTopic topic = new CheckpointTopic(
                config.checkpointTopic(),
                context.pipeline() + "/" + context.source().id() + "/" + config.id());
        checkpoints = topic;
        Map<String, Object> loaded = identified(writer.check(context));
        topic.ensure(loaded);
        begin(loaded, topic);
    }

    private Map<String, Object> identified(Map<String, Object> loaded) {
        Object given = loaded.putIfAbsent(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        if (given != null) {
            transactionalId = given.toString();
        }
        return loaded;
    }

    private KafkaProducer<byte[], byte[]> begin(Map<String, Object> loaded, CheckpointTopic topic) throws Failure {
        timeoutNanos = Duration.ofMillis(
                        Long.parseLong(String.valueOf(loaded.get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG))))
                .toNanos();
        begun = false;
        KafkaProducer<byte[], byte[]> producer = writer.begin(loaded);
        try {
            producer.initTransactions();
        } catch (RuntimeException e) {
            throw explained(KafkaErrors.onTransaction(e), false);
        }
        checkpoint = topic.read(loaded);
        return producer;
    }

    @Override
    public @Nullable String checkpoint() {
        return checkpoint;
    }

    @Override
    public CompletableFuture<Void> write(Batch batch) {
        return inTransaction(() -> writer.write(batch));
    }

    @Override
    public CompletableFuture<Void> write(HandMade letter) {
        return inTransaction(() -> writer.write(letter));
    }

    private CompletableFuture<Void> inTransaction(Supplier<CompletableFuture<Void>> writing) {
        try {
            KafkaProducer<byte[], byte[]> producer = writer.producer();
            if (!begun && producer != null) {
                producer.beginTransaction();
                begun = true;
                beganNanos = System.nanoTime();
            }
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(explained(KafkaErrors.onTransaction(e), false));
        }
        long began = beganNanos;
        return writing.get().exceptionally(failure -> {
            throw new CompletionException(
                    failure instanceof Failure known ? explained(known, isOverdue(began)) : failure);
        });
    }

    @Override
    public void commit(Position position) throws Failure {
        KafkaProducer<byte[], byte[]> producer = writer.producer();
        CheckpointTopic topic = checkpoints;
        if (producer == null || topic == null) {
            throw new Failure.Retryable("the sink is closed", null);
        }
        try {
            if (!begun) {
                producer.beginTransaction();
                beganNanos = System.nanoTime();
            }
            topic.write(position.text(), producer);
            producer.commitTransaction();
        } catch (RuntimeException e) {
            throw explained(KafkaErrors.onTransaction(e), isOverdue(beganNanos));
        }
        begun = false;
        checkpoint = position.text();
        writer.forgetUndeliverable();
    }

    private boolean isOverdue(long began) {
        return System.nanoTime() - began >= timeoutNanos;
    }

    /** A producer is fenced by the next one of its id, and by the brokers when its transaction takes too long. */
    private Failure explained(Failure failure, boolean overdue) {
        Throwable cause = failure.getCause();
        if (cause instanceof TransactionalIdAuthorizationException) {
            return new Failure.Fatal(
                    "not allowed to use the transactional id " + transactionalId
                            + ". Grant it: kafka-acls.sh --add --allow-principal User:… --producer --transactional-id "
                            + transactionalId,
                    cause);
        }
        if (!(cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException)) {
            return failure;
        }
        return overdue
                ? new Failure.Retryable(
                        "the brokers ended a transaction that took longer than transaction.timeout.ms ("
                                + timeoutNanos / 1_000_000
                                + "): raise it in client_conf if a transaction of the source needs more time",
                        cause)
                : new Failure.Fatal(
                        "another producer took over transactional id " + transactionalId
                                + ": is a second instance of this pipeline running? Stop one of them, or give it another"
                                + " metadata.name or sink id.",
                        cause);
    }

    @Override
    public void forget() {
        writer.forgetMissingTopic();
        writer.forgetUndeliverable();
    }

    @Override
    public void reset() throws Failure {
        close();
        CheckpointTopic topic = checkpoints;
        if (topic == null) {
            throw new Failure.Retryable("the sink was not opened", null);
        }
        writer.recover(begin(identified(writer.load()), topic));
    }

    @Override
    public void close() {
        writer.close(begun ? TIME_TO_ABORT : Duration.ZERO);
        begun = false;
    }
}
