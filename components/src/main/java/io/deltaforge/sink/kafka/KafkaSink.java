package io.deltaforge.sink.kafka;

import io.deltaforge.event.Event;
import io.deltaforge.event.Op;
import io.deltaforge.event.RowChange;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkContext;
import java.util.IdentityHashMap;
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
 * overtake an earlier one that it sends again. When a record fails for good, so does all that is on the way: see
 * {@link LiveProducer}.
 */
public final class KafkaSink implements Sink {
    public static final ComponentType<Sink, KafkaSinkConfig> TYPE =
            new ComponentType<>(Sink.class, "kafka", "Apache Kafka topics.", KafkaSinkConfig.class, KafkaSink::new);

    private static final Logger LOG = LoggerFactory.getLogger(KafkaSink.class);

    private final KafkaSinkConfig config;
    private final RecordMaker records;
    private final ProducerSettings settings;
    /** Events of failed batches that are to be left out when they come again; empty but after such a failure. */
    private final IdentityHashMap<Event, LiveProducer.Undelivered> undeliverable = new IdentityHashMap<>();

    private @Nullable LiveProducer live;
    private @Nullable String lastLegalTopic;
    private boolean warned;

    public KafkaSink(KafkaSinkConfig config) {
        this.config = config;
        this.records = new RecordMaker(config);
        this.settings = config.producerSettings();
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
        warnOnce();
        Map<String, Object> loaded = KafkaClients.load(settings);
        KafkaClients.check(loaded);
        live = newProducer(loaded);
    }

    private void warnOnce() {
        if (!warned) {
            warned = true;
            if (config.exactlyOnce()) {
                LOG.warn("sink {}: exactly_once is not available in this version; delivering at least once", id());
            }
            for (String warning : settings.warnings()) {
                LOG.warn("sink {}: {}", id(), warning);
            }
        }
    }

    private static LiveProducer newProducer(Map<String, Object> loaded) throws Failure {
        try {
            return new LiveProducer(
                    new KafkaProducer<>(loaded, new ByteArraySerializer(), new ByteArraySerializer()),
                    Thread.currentThread());
        } catch (RuntimeException e) {
            throw KafkaErrors.onConnect(e);
        }
    }

    @Override
    public CompletableFuture<Void> write(Batch batch) {
        LiveProducer producer = live;
        if (producer == null) {
            return CompletableFuture.failedFuture(new Failure.Retryable("the sink is closed", null));
        }
        BatchAcknowledgement acknowledgement = new BatchAcknowledgement(producer, batch);
        for (int i = 0; i < batch.size(); i++) {
            if (producer.hasFailed()) {
                return acknowledgement.cutShort();
            }
            Event event = batch.event(i);
            if (!undeliverable.isEmpty() && leaveOut(event, i, acknowledgement)) {
                continue;
            }
            write(event, i, producer.producer(), acknowledgement);
        }
        return acknowledgement.allSent();
    }

    private void write(
            Event event, int index, KafkaProducer<byte[], byte[]> producer, BatchAcknowledgement acknowledgement) {
        String topic;
        byte[] key;
        ProducerRecord<byte[], byte[]> record;
        try {
            topic = records.topic(event);
            if (topic == null) {
                acknowledgement.reject(
                        index, "no_topic", "topic \"" + config.topic() + "\" has a place without a value");
                return;
            }
            if (!isLegal(topic)) {
                acknowledgement.reject(
                        index, "invalid_topic", "topic " + TopicName.RULE + ", but is \"" + topic + "\"");
                return;
            }
            key = records.key(event);
            record = records.record(topic, key, event);
        } catch (RuntimeException e) {
            acknowledgement.reject(
                    index, "serialization", "the event cannot be written as " + config.topic() + ": " + e);
            return;
        }
        send(producer, record, acknowledgement.expect(index));
        if (config.tombstones() && event instanceof RowChange change && change.op() == Op.DELETE && key != null) {
            send(producer, records.tombstone(topic, key, event), acknowledgement.expect(index));
        }
    }

    /** Names come in runs of the same string, so the rule is hardly ever looked at. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isLegal(String topic) {
        if (topic == lastLegalTopic) {
            return true;
        }
        if (!TopicName.isLegal(topic)) {
            return false;
        }
        lastLegalTopic = topic;
        return true;
    }

    private boolean leaveOut(Event event, int index, BatchAcknowledgement acknowledgement) {
        LiveProducer.Undelivered why = undeliverable.remove(event);
        if (why == null) {
            return false;
        }
        acknowledgement.reject(index, why.kind(), why.reason());
        return true;
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
        live = newProducer(KafkaClients.load(settings));
    }

    @Override
    public void close() {
        LiveProducer producer = live;
        live = null;
        if (producer != null) {
            producer.close();
            producer.addUndeliverableTo(undeliverable);
        }
    }
}
