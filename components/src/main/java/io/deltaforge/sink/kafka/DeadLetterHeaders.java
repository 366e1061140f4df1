package io.deltaforge.sink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.spi.DeadLetter;
import io.deltaforge.spi.Rendered;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * What a record of the dead letter topic tells beside its key and value: first the headers that it would have had, then
 * those of Kafka Connect's dead letter queue (KIP-298, texts in UTF-8), then what Connect has no name for.
 */
final class DeadLetterHeaders {
    static final String CONNECT = "__connect.errors.";
    static final String OURS = "deltaforge.errors.";

    private DeadLetterHeaders() {}

    static List<Header> of(DeadLetter letter) {
        Rendered record = letter.payload().record();
        DeadLetter.Origin origin = letter.origin();
        List<Header> headers = new ArrayList<>();
        for (Rendered.Header header : record.headers()) {
            headers.add(new RecordHeader(header.name(), header.value()));
        }
        if (record.headers().stream().noneMatch(header -> header.name().equals(RecordMaker.EVENT_ID_HEADER))) {
            put(headers, RecordMaker.EVENT_ID_HEADER, origin.eventId());
        }
        put(headers, CONNECT + "topic", record.destination());
        put(headers, CONNECT + "partition", record.partition());
        put(headers, CONNECT + "connector.name", origin.pipeline());
        put(headers, CONNECT + "stage", "TASK_PUT");
        put(headers, CONNECT + "exception.message", letter.cause().reason());
        put(headers, OURS + "kind", letter.cause().kind());
        put(headers, OURS + "sink", origin.sink());
        put(headers, OURS + "source", origin.source());
        put(headers, OURS + "source.position", origin.position());
        put(headers, OURS + "table", origin.table());
        put(headers, OURS + "op", origin.op());
        put(headers, OURS + "attempts", letter.attempts().count());
        put(headers, OURS + "first.failed.at", letter.attempts().first());
        put(headers, OURS + "last.failed.at", letter.attempts().last());
        put(headers, OURS + "payload.truncated", letter.payload().isTruncated());
        put(headers, OURS + "payload.truncation", letter.payload().truncation());
        put(headers, OURS + "payload.bytes", letter.payload().bytes());
        return headers;
    }

    private static void put(List<Header> headers, String name, @Nullable Object value) {
        if (value != null) {
            headers.add(new RecordHeader(name, value.toString().getBytes(UTF_8)));
        }
    }
}
