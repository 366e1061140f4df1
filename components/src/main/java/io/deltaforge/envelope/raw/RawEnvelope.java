package io.deltaforge.envelope.raw;

import io.deltaforge.event.Event;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.RowChange;
import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.Envelope;

/** A log entry's message as it was read, and nothing else. Other events have no such form: they are rejected. */
public final class RawEnvelope implements Envelope {
    public static final ComponentType<Envelope, RawEnvelopeConfig> TYPE = new ComponentType<>(
            Envelope.class,
            "raw",
            "The bytes of a log entry's message as they were read, without headers; for log sources only.",
            RawEnvelopeConfig.class,
            config -> new RawEnvelope());

    /** Nothing to set. */
    public record RawEnvelopeConfig() {}

    @Override
    public Writer writer() {
        return new RawWriter();
    }

    @Override
    public String contentType(String encodingType) {
        return "application/octet-stream";
    }

    @Override
    public boolean isBare() {
        return true;
    }

    private static final class RawWriter implements Writer {
        @Override
        public void writeValue(Event event, DocumentWriter out) {
            if (!(event instanceof LogEntry entry)) {
                throw new IllegalArgumentException("envelope raw is for log entries: take native for other events");
            }
            out.json(entry.data(), entry.start(), entry.end());
        }

        @Override
        public void writeKey(RowChange change, DocumentWriter out) {
            throw new IllegalArgumentException("envelope raw is for log entries: take native for row changes");
        }
    }
}
