package io.deltaforge.reliability;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.deltaforge.event.Event;
import io.deltaforge.event.RowChange;
import io.deltaforge.spi.DeadLetter;
import io.deltaforge.spi.EventId;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Rendered;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes entries of undeliverable events: bounded, and without secrets (invariant 4). Confined to one thread. */
final class DeadLetterMaker {
    private final String pipeline;
    private final int maxEventBytes;
    private final SecretColumns secretColumns;
    private final InstantSource clock;
    private final EventId eventId = new EventId();

    DeadLetterMaker(String pipeline, int maxEventBytes, SecretColumns secretColumns, InstantSource clock) {
        this.pipeline = pipeline;
        this.maxEventBytes = maxEventBytes;
        this.secretColumns = secretColumns;
        this.clock = clock;
    }

    /** True when nothing in the event is secret, so that the event itself may be kept. */
    boolean mayKeep(Event event) {
        return secretColumns.in(event).isEmpty();
    }

    DeadLetter letter(String sink, Event event, Failure.RejectedEvent rejected) {
        SecretColumns.Found secrets = secretColumns.in(event);
        return new DeadLetter(
                origin(sink, event),
                new DeadLetter.Cause(rejected.kind(), secrets.blottedFrom(rejected.reason())),
                payload(rejected.record(), secrets),
                new DeadLetter.Attempts(1, clock.instant(), clock.instant()));
    }

    private DeadLetter.Origin origin(String sink, Event event) {
        boolean isRow = event instanceof RowChange;
        return new DeadLetter.Origin(
                pipeline,
                event.transaction().source().id(),
                sink,
                new String(eventId.bytes(event), ISO_8859_1),
                event.position().text(),
                isRow ? ((RowChange) event).table().toString() : null,
                isRow ? ((RowChange) event).op().code() : null);
    }

    private DeadLetter.Payload payload(Rendered record, SecretColumns.Found secrets) {
        long bytes = length(record.key()) + (long) length(record.value());
        return secrets.isEmpty() ? bounded(record, bytes) : withheld(record, bytes, secrets);
    }

    private DeadLetter.Payload bounded(Rendered record, long bytes) {
        if (bytes <= maxEventBytes) {
            return new DeadLetter.Payload(record, bytes, true, null);
        }
        byte[] key = cut(record.key(), maxEventBytes);
        byte[] value = cut(record.value(), maxEventBytes - length(key));
        return new DeadLetter.Payload(
                with(record, record.destination(), key, value, record.headers()),
                bytes,
                length(key) == length(record.key()),
                "cut: more than max_event_bytes (" + maxEventBytes + ")");
    }

    /** Without the value; the rest stays where no secret is in it. */
    private static DeadLetter.Payload withheld(Rendered record, long bytes, SecretColumns.Found secrets) {
        List<Rendered.Header> headers = new ArrayList<>();
        for (Rendered.Header header : record.headers()) {
            if (!secrets.areIn(header.value())) {
                headers.add(header);
            }
        }
        byte[] key = record.key();
        boolean keyIsSecret = key != null && secrets.areIn(key);
        String destination = record.destination();
        return new DeadLetter.Payload(
                with(
                        record,
                        destination == null ? null : secrets.blottedFrom(destination),
                        keyIsSecret ? null : key,
                        null,
                        headers),
                bytes,
                !keyIsSecret,
                "left out: secret_columns names " + String.join(", ", secrets.columns()));
    }

    private static Rendered with(
            Rendered record,
            @Nullable String destination,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<Rendered.Header> headers) {
        return new Rendered(destination, record.partition(), key, value, headers);
    }

    private static byte @Nullable [] cut(byte @Nullable [] bytes, int most) {
        return bytes == null || bytes.length <= most ? bytes : Arrays.copyOf(bytes, most);
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
