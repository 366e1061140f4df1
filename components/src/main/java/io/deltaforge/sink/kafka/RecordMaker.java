package io.deltaforge.sink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.event.Event;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.Table;
import io.deltaforge.spi.Encoding;
import io.deltaforge.spi.EventId;
import io.deltaforge.spi.Figure;
import io.deltaforge.spi.Template;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** Turns events into producer records. Confined to one thread. */
final class RecordMaker {
    static final String EVENT_ID_HEADER = "event-id";
    static final String CONTENT_TYPE_HEADER = "content-type";

    private final Encoding.Encoder encoder;
    private final EventId eventId = new EventId();
    private final Header contentType;
    private final Template topicTemplate;
    private final boolean topicPerTable;
    private final @Nullable Template keyTemplate;
    private final @Nullable FieldKey fieldKey;
    private final @Nullable LogRouting routing;
    private @Nullable Table lastTable;
    private @Nullable String lastTopic;

    RecordMaker(KafkaSinkConfig config) {
        encoder = config.encoding().encoder(config.envelope());
        contentType =
                new RecordHeader(CONTENT_TYPE_HEADER, encoder.contentType().getBytes(UTF_8));
        topicTemplate = config.topic();
        topicPerTable = topicTemplate.isPerTable();
        keyTemplate = config.key();
        String field =
                config.partitioning() == null ? null : config.partitioning().hashedField();
        fieldKey = field == null ? null : new FieldKey(field);
        routing = config.routing() == null ? null : new LogRouting(config.routing());
    }

    /** The topic for this event; {@code null} when a place of the template has no value in it. */
    @Nullable
    String topic(Event event) {
        String topic = usualTopic(event);
        return routing != null && event instanceof LogEntry entry ? routing.topic(entry, topic) : topic;
    }

    private @Nullable String usualTopic(Event event) {
        if (!topicPerTable || !(event instanceof RowChange change)) {
            return topicTemplate.render(event);
        }
        if (change.table() != lastTable) {
            lastTable = change.table();
            lastTopic = topicTemplate.render(event);
        }
        return lastTopic;
    }

    byte @Nullable [] key(Event event) {
        if (fieldKey != null) {
            return fieldKey.of(event);
        }
        if (keyTemplate != null) {
            String key = keyTemplate.render(event);
            return key == null ? null : key.getBytes(UTF_8);
        }
        return event instanceof RowChange change ? encoder.key(change) : null;
    }

    ProducerRecord<byte[], byte[]> record(String topic, byte @Nullable [] key, Event event) {
        if (encoder.isBare()) {
            return new ProducerRecord<>(topic, null, key, encoder.value(event));
        }
        Header id = new RecordHeader(EVENT_ID_HEADER, eventId.bytes(event));
        return new ProducerRecord<>(topic, null, key, encoder.value(event), List.of(id, contentType));
    }

    /** What it counts. Any thread may ask them. */
    List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        FieldKey key = fieldKey;
        if (key != null) {
            figures.add(new Figure(
                    "kafka.partitioning.key.missing",
                    "Events without a value in `partitioning.key_field`: their records have no key and go anywhere.",
                    true,
                    key::missing));
        }
        LogRouting topics = routing;
        if (topics != null) {
            figures.add(new Figure(
                    "kafka.routing.refused",
                    "Log entries whose label `kafka_topic` named a topic that `routing.allow` does not permit: they go"
                            + " where they would without it.",
                    true,
                    topics::refused));
        }
        return figures;
    }

    /** What tells a compacted topic to forget the key. */
    ProducerRecord<byte[], byte[]> tombstone(String topic, byte[] key, Event event) {
        Header id = new RecordHeader(EVENT_ID_HEADER, eventId.bytes(event));
        return new ProducerRecord<>(topic, null, key, null, List.of(id));
    }
}
