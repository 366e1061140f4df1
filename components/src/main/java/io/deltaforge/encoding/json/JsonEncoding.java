package io.deltaforge.encoding.json;

import io.deltaforge.event.Event;
import io.deltaforge.event.RowChange;
import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.Encoding;
import io.deltaforge.spi.Envelope;
import org.jspecify.annotations.Nullable;

/** Records as JSON text (RFC 8259), in UTF-8 and without white space. */
public final class JsonEncoding implements Encoding {
    public static final ComponentType<Encoding, JsonEncodingConfig> TYPE = new ComponentType<>(
            Encoding.class, "json", "JSON text in UTF-8.", JsonEncodingConfig.class, config -> new JsonEncoding());

    private static final String CONTENT_TYPE = "application/json";

    /** Nothing to set. */
    public record JsonEncodingConfig() {}

    @Override
    public Encoder encoder(Envelope envelope) {
        return new JsonEncoder(envelope.writer(), envelope.contentType(CONTENT_TYPE), envelope.isBare());
    }

    /** Confined to one thread; the writer's buffer serves every event. */
    private static final class JsonEncoder implements Encoder {
        private final Envelope.Writer envelope;
        private final String contentType;
        private final boolean bare;
        private final JsonWriter json = new JsonWriter();

        JsonEncoder(Envelope.Writer envelope, String contentType, boolean bare) {
            this.envelope = envelope;
            this.contentType = contentType;
            this.bare = bare;
        }

        @Override
        public String contentType() {
            return contentType;
        }

        @Override
        public boolean isBare() {
            return bare;
        }

        @Override
        public byte[] value(Event event) {
            json.clear();
            envelope.writeValue(event, json);
            return json.toBytes();
        }

        @Override
        public byte @Nullable [] key(RowChange change) {
            if (change.table().keyColumnCount() == 0 || change.row() == null) {
                return null;
            }
            json.clear();
            envelope.writeKey(change, json);
            return json.toBytes();
        }
    }
}
