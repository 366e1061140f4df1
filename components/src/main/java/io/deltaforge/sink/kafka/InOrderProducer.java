package io.deltaforge.sink.kafka;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * A producer that lets nothing follow the first record of a partition until that is acknowledged (invariant 2). {@link
 * #send} belongs to one thread.
 *
 * <p>Sequence numbers keep in order what is on the way together, but only once the partition's leader knows this producer:
 * before that it takes whatever number comes first. A leader that is only just getting ready may refuse the first request
 * and take the second; then the order is lost, and the first can never be stored (KAFKA-15591). The price is one wait for
 * an answer for each partition, or for several of them together.
 *
 * <p>What may go to any partition has no order to keep, but would wait as long for a request that can never be stored: the
 * first such records of a topic are put on its partitions in turn, and the rest waits for them. Where a partitioner of the
 * user's own puts a record cannot be known: of those only a topic's first waits.
 */
final class InOrderProducer extends KafkaProducer<byte[], byte[]> {
    private final LibrdkafkaPartitioners.@Nullable Hashing hashing;
    private final boolean isPlaceKnown;
    private final boolean isPartitionerKnown;
    private final Map<String, Firsts> topics = new HashMap<>();
    private @Nullable String settledTopic;
    private @Nullable String settledTopicWithoutKeys;

    /** @param settings whose classes are known to be there */
    InOrderProducer(Map<String, Object> settings) {
        super(settings, new ByteArraySerializer(), new ByteArraySerializer());
        Object partitioner = settings.get(ProducerConfig.PARTITIONER_CLASS_CONFIG);
        hashing = partitioner == null ? null : LibrdkafkaPartitioners.named(partitioner.toString());
        isPlaceKnown = hashing != null
                || (partitioner == null && !"true".equals(settings.get(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG)));
        isPartitionerKnown = partitioner == null
                || hashing != null
                || partitioner.toString().equals(RoundRobinPartitioner.class.getName());
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // names come in runs of the same string
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        String topic = record.topic();
        if (topic == settledTopic || (topic == settledTopicWithoutKeys && record.key() == null)) {
            return super.send(record, callback);
        }
        Firsts firsts = topics.get(topic);
        if (firsts == null) {
            firsts = new Firsts(partitionsFor(topic));
            topics.put(topic, firsts);
        }
        if (firsts.areSettled()) {
            settledTopic = topic;
            return super.send(record, callback);
        }
        int place = place(record.key(), firsts.partitions);
        boolean isAnywhere = place == firsts.partitions && isPartitionerKnown;
        if (isAnywhere) {
            place = vacant(firsts);
        }
        if (place < 0 || isSettled(firsts, place)) {
            if (isAnywhere && record.key() == null) {
                settledTopicWithoutKeys = topic;
            }
            return super.send(record, callback);
        }
        Future<RecordMetadata> first = super.send(isAnywhere ? placed(record, place) : record, callback);
        firsts.answers.set(place, first);
        return first;
    }

    /** A partition whose first record is still to come; -1 when all that have a leader have acknowledged theirs. */
    private int vacant(Firsts firsts) {
        int unsent = firsts.unsent();
        if (unsent >= 0) {
            return unsent;
        }
        for (int i = 0; i < firsts.partitions; i++) {
            if (firsts.isLed(i) && !isSettled(firsts, i)) {
                return i;
            }
        }
        return -1;
    }

    private static ProducerRecord<byte[], byte[]> placed(ProducerRecord<byte[], byte[]> record, int partition) {
        return new ProducerRecord<>(
                record.topic(), partition, record.timestamp(), record.key(), record.value(), record.headers());
    }

    /** The partition of a key; one more than there are when that cannot be told. */
    private int place(byte @Nullable [] key, int partitions) {
        if (partitions == 1) {
            return 0;
        }
        if (!isPlaceKnown || (key == null && hashing == null)) {
            return partitions;
        }
        long hash = hashing == null ? Utils.toPositive(Utils.murmur2(key)) : hashing.hash(key);
        return hash == LibrdkafkaPartitioners.ANYWHERE ? partitions : (int) (hash % partitions);
    }

    /** True when the first record is acknowledged, for which it waits; false when the next will be the first. */
    private boolean isSettled(Firsts firsts, int place) {
        if (firsts.acknowledged.get(place)) {
            return true;
        }
        Future<RecordMetadata> first = firsts.answers.get(place);
        if (first == null) {
            return false;
        }
        if (!first.isDone()) {
            flush();
        }
        try {
            first.get();
        } catch (ExecutionException e) {
            return false; // whoever sent it was told
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        firsts.acknowledged.set(place);
        return true;
    }

    /** The first records of a topic's partitions, and of those whose partition cannot be told. */
    private static final class Firsts {
        private final int partitions;
        private final BitSet led = new BitSet();
        private final List<@Nullable Future<RecordMetadata>> answers;
        private final BitSet acknowledged = new BitSet();

        Firsts(List<PartitionInfo> infos) {
            partitions = infos.size();
            answers = new ArrayList<>(Collections.nCopies(partitions + 1, null));
            infos.stream().filter(info -> info.leader() != null).forEach(info -> led.set(info.partition()));
        }

        /** True when every partition has acknowledged its first record. */
        boolean areSettled() {
            return acknowledged.nextClearBit(0) >= partitions;
        }

        /** What goes anywhere goes to none that had no leader: it would wait for one. */
        boolean isLed(int partition) {
            return led.get(partition);
        }

        /** A partition with a leader to which nothing was sent; -1 for none. */
        int unsent() {
            for (int i = led.nextSetBit(0); i >= 0; i = led.nextSetBit(i + 1)) {
                if (answers.get(i) == null) {
                    return i;
                }
            }
            return -1;
        }
    }
}
