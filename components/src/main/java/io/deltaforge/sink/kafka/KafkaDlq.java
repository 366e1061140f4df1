package io.deltaforge.sink.kafka;

import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.DeadLetter;
import io.deltaforge.spi.Dlq;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Rendered;
import io.deltaforge.spi.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A dead letter topic. Its producer is made for the first entry. Thread-safe. */
public final class KafkaDlq implements Dlq {
    public static final ComponentType<Dlq, KafkaDlqConfig> TYPE = new ComponentType<>(
            Dlq.class,
            "kafka",
            "A dead letter topic, whose records carry the headers of Kafka Connect's dead letter queue.",
            KafkaDlqConfig.class,
            KafkaDlq::new);

    private final KafkaDlqConfig config;
    private @Nullable ProducerSettings settings;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    public KafkaDlq(KafkaDlqConfig config) {
        this.config = config;
    }

    @Override
    public synchronized void attach(List<Sink> sinks) {
        String brokers = config.brokers();
        if (brokers != null) {
            settings = ProducerSettings.of("dlq", brokers, config.sendTimeoutSecs(), false, config.clientConf());
        } else {
            KafkaSinkConfig cluster = clusterAmong(sinks);
            settings = ProducerSettings.of(
                    "dlq", cluster.brokers(), config.sendTimeoutSecs(), cluster.exactlyOnce(), cluster.clientConf());
        }
    }

    private KafkaSinkConfig clusterAmong(List<Sink> sinks) {
        List<KafkaSinkConfig> clusters = new ArrayList<>();
        for (Sink sink : sinks) {
            if (sink instanceof KafkaClusterUser user) {
                clusters.add(user.cluster());
            }
        }
        List<String> ids = clusters.stream().map(KafkaSinkConfig::id).toList();
        String wanted = config.sink();
        if (wanted != null) {
            return clusters.stream()
                    .filter(cluster -> cluster.id().equals(wanted))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException("sink \"" + wanted + "\" is no Kafka sink of this pipeline"
                                    + (ids.isEmpty() ? "; set brokers" : "; it has " + String.join(", ", ids))));
        }
        if (clusters.size() != 1) {
            throw new IllegalArgumentException(
                    clusters.isEmpty()
                            ? "brokers must be set: the pipeline has no Kafka sink whose cluster could be used"
                            : "sink must say which cluster to use: one of " + String.join(", ", ids));
        }
        return clusters.getFirst();
    }

    @Override
    public int maxEventBytes() {
        return config.maxEventBytes();
    }

    @Override
    public List<String> secretColumns() {
        return config.secretColumns();
    }

    @Override
    public synchronized void send(List<DeadLetter> letters) throws Failure {
        List<DeadLetter> tooLarge = sendAll(letters);
        List<DeadLetter> bare = new ArrayList<>();
        for (DeadLetter letter : tooLarge) {
            bare.add(withoutPayload(letter));
        }
        if (!bare.isEmpty() && !sendAll(bare).isEmpty()) {
            throw new Failure.Fatal("the dead letter topic " + config.topic()
                    + " does not even take entries without their payload: raise its max.message.bytes");
        }
    }

    private DeadLetter withoutPayload(DeadLetter letter) {
        Rendered record = letter.payload().record();
        return new DeadLetter(
                letter.origin(),
                letter.cause(),
                new DeadLetter.Payload(
                        new Rendered(record.destination(), record.partition(), null, null, List.of()),
                        letter.payload().bytes(),
                        record.key() == null,
                        "left out: too large for the dead letter topic"),
                letter.attempts());
    }

    /** Returns those that are too large. */
    private List<DeadLetter> sendAll(List<DeadLetter> letters) throws Failure {
        KafkaProducer<byte[], byte[]> open = producer == null ? open() : producer;
        producer = open;
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try {
            for (DeadLetter letter : letters) {
                Rendered record = letter.payload().record();
                sent.add(open.send(new ProducerRecord<>(
                        config.topic(), null, record.key(), record.value(), DeadLetterHeaders.of(letter))));
            }
            open.flush();
        } catch (RuntimeException e) {
            throw failed(e);
        }
        List<DeadLetter> tooLarge = new ArrayList<>();
        for (int i = 0; i < letters.size(); i++) {
            if (!isTaken(sent.get(i))) {
                tooLarge.add(letters.get(i));
            }
        }
        return tooLarge;
    }

    private KafkaProducer<byte[], byte[]> open() throws Failure {
        Map<String, Object> loaded = KafkaClients.load(Objects.requireNonNull(settings, "attach comes first"));
        // an entry is durable by itself, whatever becomes of a sink's transaction
        loaded.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        try {
            return new KafkaProducer<>(loaded, new ByteArraySerializer(), new ByteArraySerializer());
        } catch (RuntimeException e) {
            throw KafkaErrors.onConnect(e);
        }
    }

    private boolean isTaken(Future<RecordMetadata> sent) throws Failure {
        try {
            sent.get();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(new InterruptException(e));
        } catch (ExecutionException e) {
            Exception cause = e.getCause() instanceof Exception exception ? exception : e;
            if (KafkaErrors.onRecord(cause, config.topic()) instanceof KafkaErrors.Undeliverable why
                    && why.kind().equals("message_too_large")) {
                return false;
            }
            throw failed(cause);
        }
    }

    private Failure failed(Exception error) {
        close();
        return switch (KafkaErrors.onRecord(error, config.topic())) {
            case KafkaErrors.Undeliverable why ->
                new Failure.Fatal("the dead letter topic " + config.topic() + " refuses an entry: " + why.reason());
            case KafkaErrors.BatchFailed failed -> inDeadLetterTopic(failed.failure());
        };
    }

    private Failure inDeadLetterTopic(Failure failure) {
        String message = "the dead letter topic cannot be written: " + failure.getMessage();
        return failure instanceof Failure.Retryable
                ? new Failure.Retryable(message, failure)
                : new Failure.Fatal(message, failure);
    }

    @Override
    public synchronized void close() {
        KafkaProducer<byte[], byte[]> open = producer;
        producer = null;
        if (open != null) {
            open.close(Duration.ZERO);
        }
    }
}
