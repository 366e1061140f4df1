package io.deltaforge.sink.kafka;

import io.deltaforge.event.Event;
import io.deltaforge.event.Op;
import io.deltaforge.event.RowChange;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Figure;
import io.deltaforge.spi.HandMade;
import io.deltaforge.spi.SinkContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes batches to the cluster, from one producer to the next. Confined to the sink's delivery thread; acknowledgements
 * arrive on the producer's own thread.
 *
 * <p>Order per key holds because one idempotent producer sends everything: it never lets a later record of a partition
 * overtake an earlier one that it sends again. When a record fails for good, so does all that is on the way: see
 * {@link LiveProducer}.
 */
final class KafkaWriter {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaWriter.class);

    private final KafkaSinkConfig config;
    private final RecordMaker records;
    private final RejectedRecords rejectedRecords;
    private final ProducerSettings settings;
    private final Topics topics;
    private final ProducerFigures figures = new ProducerFigures();
    /** By event id: events of failed batches that are to be left out when they come again; empty but after such a failure. */
    private final Map<String, LiveProducer.Undelivered> undeliverable = new HashMap<>();

    private @Nullable LiveProducer live;
    private boolean warned;
    private boolean stretched;
    private long sendMaxBytes = Long.MAX_VALUE;

    KafkaWriter(KafkaSinkConfig config) {
        this.config = config;
        this.records = new RecordMaker(config);
        this.rejectedRecords = new RejectedRecords(config);
        this.settings = config.producerSettings();
        this.topics = new Topics(config.id(), settings, config.createTopics());
    }

    /** The client's settings, with the files that they name read, once the cluster has answered and taken our login. */
    Map<String, Object> check(SinkContext context) throws Failure {
        sendMaxBytes = context.sendMaxBytes();
        if (!warned) {
            warned = true;
            for (String warning : config.warnings()) {
                LOG.warn("sink {}: {}", config.id(), warning);
            }
        }
        Map<String, Object> loaded = load();
        KafkaClients.check(loaded);
        return loaded;
    }

    Map<String, Object> load() throws Failure.Fatal {
        Map<String, Object> loaded = KafkaClients.load(settings);
        settings.limitBuffers(loaded, sendMaxBytes);
        return loaded;
    }

    /** Makes a producer, which is used from now on. */
    KafkaProducer<byte[], byte[]> begin(Map<String, Object> loaded) throws Failure {
        try {
            LiveProducer next = new LiveProducer(newProducer(loaded), Thread.currentThread(), config.exactlyOnce());
            live = next;
            figures.follow(next.producer());
            return next.producer();
        } catch (RuntimeException e) {
            throw KafkaErrors.onConnect(e);
        }
    }

    /** In a transaction an order that is lost is never seen: what was refused keeps it from being committed. */
    private KafkaProducer<byte[], byte[]> newProducer(Map<String, Object> loaded) {
        return config.exactlyOnce()
                ? new KafkaProducer<>(loaded, new ByteArraySerializer(), new ByteArraySerializer())
                : new InOrderProducer(stretched ? stretched(loaded) : loaded);
    }

    /** Whether the next producer's records may take twice as long; not those of transactions, which have a time of their own. */
    void stretchTimeouts(boolean twice) {
        stretched = twice;
    }

    static Map<String, Object> stretched(Map<String, Object> loaded) {
        long millis = Long.parseLong(String.valueOf(loaded.get(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG)));
        Map<String, Object> stretched = new HashMap<>(loaded);
        stretched.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) Math.min(Integer.MAX_VALUE, 2 * millis));
        return stretched;
    }

    /** What was missing is there now, or this fails; to be called with the producer that comes after a failure. */
    void recover(KafkaProducer<byte[], byte[]> producer) throws Failure {
        topics.recover(producer);
    }

    /** The topic that was missing last is not waited for. */
    void forgetMissingTopic() {
        topics.forgetMissing();
    }

    /** The producer in use; {@code null} before {@link #begin} and after {@link #close}. */
    @Nullable
    KafkaProducer<byte[], byte[]> producer() {
        LiveProducer producer = live;
        return producer == null ? null : producer.producer();
    }

    CompletableFuture<Void> write(Batch batch) {
        LiveProducer producer = live;
        if (producer == null) {
            return CompletableFuture.failedFuture(new Failure.Retryable("the sink is closed", null));
        }
        BatchAcknowledgement acknowledgement = new BatchAcknowledgement(producer, batch, rejectedRecords);
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

    /** Sends what a human made. */
    CompletableFuture<Void> write(HandMade letter) {
        LiveProducer producer = live;
        return producer == null
                ? CompletableFuture.failedFuture(new Failure.Retryable("the sink is closed", null))
                : HandMadeRecord.send(letter.record(), producer, topics);
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
            if (!topics.isKnown(topic) && !mayUse(topic, index, producer, acknowledgement)) {
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

    /** False when nothing can be sent to a topic not seen before, which the acknowledgement then knows. */
    private boolean mayUse(
            String topic, int index, KafkaProducer<byte[], byte[]> producer, BatchAcknowledgement acknowledgement) {
        if (!TopicName.isLegal(topic)) {
            acknowledgement.reject(index, "invalid_topic", "topic " + TopicName.RULE + ", but is \"" + topic + "\"");
            return false;
        }
        KafkaErrors.RecordError obstacle = topics.obstacle(topic, producer);
        if (obstacle != null) {
            acknowledgement.expect(index).fail(obstacle);
            return false;
        }
        return true;
    }

    /** Any thread. */
    List<Figure> figures() {
        List<Figure> all = new ArrayList<>(figures.figures());
        all.addAll(records.figures());
        return all;
    }

    /** What was left out is settled. */
    void forgetUndeliverable() {
        undeliverable.clear();
    }

    private boolean leaveOut(Event event, int index, BatchAcknowledgement acknowledgement) {
        String name = LiveProducer.nameOf(event);
        // in a transaction that is written a third time it must be known still
        LiveProducer.Undelivered why = config.exactlyOnce() ? undeliverable.get(name) : undeliverable.remove(name);
        if (why == null) {
            return false;
        }
        acknowledgement.reject(index, why);
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

    /** Ends the producer; what has no answer within this time fails. */
    void close(Duration patience) {
        LiveProducer producer = live;
        live = null;
        figures.forget();
        topics.close();
        if (producer != null) {
            producer.close(patience);
            producer.addUndeliverableTo(undeliverable);
        }
    }
}
