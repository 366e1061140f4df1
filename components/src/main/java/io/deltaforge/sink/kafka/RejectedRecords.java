package io.deltaforge.sink.kafka;

import io.deltaforge.event.Event;
import io.deltaforge.spi.Rendered;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records of undeliverable events once more, for the dead letter queue: keeping every record until it is
 * acknowledged would cost memory for all of them. Thread-safe; rejections come on the producer's thread too.
 */
final class RejectedRecords {
    private final RecordMaker records;

    RejectedRecords(KafkaSinkConfig config) {
        records = new RecordMaker(config);
    }

    /** As much of it as can be made. */
    synchronized Rendered of(Event event, @Nullable Integer partition) {
        String topic = topic(event);
        byte[] key = key(event);
        ProducerRecord<byte[], byte[]> record = record(key, event);
        if (record == null) {
            return new Rendered(topic, partition, key, null, List.of());
        }
        List<Rendered.Header> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new Rendered.Header(header.key(), header.value()));
        }
        return new Rendered(topic, partition, key, record.value(), headers);
    }

    // what cannot be made is why the event is here

    private @Nullable String topic(Event event) {
        try {
            return records.topic(event);
        } catch (RuntimeException e) {
            return null;
        }
    }

    private byte @Nullable [] key(Event event) {
        try {
            return records.key(event);
        } catch (RuntimeException e) {
            return null;
        }
    }

    private @Nullable ProducerRecord<byte[], byte[]> record(byte @Nullable [] key, Event event) {
        try {
            return records.record("any", key, event);
        } catch (RuntimeException e) {
            return null;
        }
    }
}
