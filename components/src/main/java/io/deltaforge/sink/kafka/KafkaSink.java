package io.deltaforge.sink.kafka;

import io.deltaforge.event.Event;
import io.deltaforge.event.Op;
import io.deltaforge.event.RowChange;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers batches to a Kafka cluster. Confined to the sink's delivery thread; acknowledgements arrive on the producer's
 * own thread.
 *
 * <p>Order per key holds because one idempotent producer sends everything: it never lets a later record of a partition
 * overtake an earlier one that it sends again.
 */
public final class KafkaSink implements Sink {
    public static final ComponentType<Sink, KafkaSinkConfig> TYPE =
            new ComponentType<>(Sink.class, "kafka", "Apache Kafka topics.", KafkaSinkConfig.class, KafkaSink::new);

    private static final Logger LOG = LoggerFactory.getLogger(KafkaSink.class);

    private final KafkaSinkConfig config;
    private final RecordMaker records;
    private final Map<String, Object> producerSettings;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    public KafkaSink(KafkaSinkConfig config) {
        this.config = config;
        this.records = new RecordMaker(config);
        this.producerSettings = ProducerSettings.of(config);
    }

    @Override
    public String id() {
        return config.id();
    }

    @Override
    public boolean required() {
        return config.required();
    }

    @Override
    public void open(SinkContext context) throws Failure {
        if (config.exactlyOnce()) {
            LOG.warn("sink {}: exactly_once is not available in this version; delivering at least once", id());
        }
        producer = newProducer();
    }

    private KafkaProducer<byte[], byte[]> newProducer() throws Failure {
        try {
            return new KafkaProducer<>(producerSettings, new ByteArraySerializer(), new ByteArraySerializer());
        } catch (RuntimeException e) {
            throw KafkaErrors.onConnect(e);
        }
    }

    @Override
    public CompletableFuture<Void> write(Batch batch) {
        KafkaProducer<byte[], byte[]> producer = this.producer;
        if (producer == null) {
            throw new IllegalStateException("not open");
        }
        BatchAcknowledgement acknowledgement = new BatchAcknowledgement();
        for (int i = 0; i < batch.size() && !acknowledgement.hasFailed(); i++) {
            Event event = batch.event(i);
            String topic = records.topic(event);
            if (topic == null) {
                acknowledgement.reject(i, "no_topic", "topic \"" + config.topic() + "\" has a place without a value");
                continue;
            }
            byte[] key = records.key(event);
            send(producer, records.record(topic, key, event), acknowledgement.expect(i));
            if (config.tombstones() && event instanceof RowChange change && change.op() == Op.DELETE && key != null) {
                send(producer, records.tombstone(topic, key, event), acknowledgement.expect(i));
            }
        }
        return acknowledgement.allSent();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of the failure
    private static void send(
            KafkaProducer<byte[], byte[]> producer,
            ProducerRecord<byte[], byte[]> record,
            BatchAcknowledgement.Pending pending) {
        try {
            producer.send(record, pending);
        } catch (RuntimeException e) {
            // thrown instead of handed to the callback: closed, interrupted, or the record cannot be prepared
            pending.onCompletion(null, e);
        }
    }

    @Override
    public void reset() throws Failure {
        close();
        producer = newProducer();
    }

    @Override
    public void close() {
        KafkaProducer<byte[], byte[]> producer = this.producer;
        this.producer = null;
        if (producer != null) {
            producer.close(Duration.ZERO);
        }
    }
}
