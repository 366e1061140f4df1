package io.deltaforge.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.deltaforge.engine.PipelineState;
import io.deltaforge.engine.PipelineStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The API's documents. */
final class PipelineJson {
    private static final JsonFactory JSON = new JsonFactory();

    private PipelineJson() {}

    /** Writes one document. */
    private interface Document {
        void write(JsonGenerator json) throws IOException;
    }

    private static byte[] bytes(Document document) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            document.write(json);
            json.writeRaw('\n');
        }
        return bytes.toByteArray();
    }

    /** {@code {"status":"up","pipelines":{"orders":{"state":"running"}}}}. */
    static byte[] health(Health health, List<PipelineStatus> pipelines) throws IOException {
        return bytes(json -> {
            json.writeStartObject();
            json.writeStringField("status", health.name().toLowerCase(Locale.ROOT));
            json.writeObjectFieldStart("pipelines");
            for (PipelineStatus pipeline : pipelines) {
                json.writeObjectFieldStart(pipeline.name());
                state(pipeline.state(), json);
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    static byte[] pipelines(List<PipelineView> views, Instant now) throws IOException {
        return bytes(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("pipelines");
            for (PipelineView view : views) {
                pipeline(view, now, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    static byte[] pipeline(PipelineView view, Instant now) throws IOException {
        return bytes(json -> pipeline(view, now, json));
    }

    private static void pipeline(PipelineView view, Instant now, JsonGenerator json) throws IOException {
        PipelineStatus status = view.status().get();
        json.writeStartObject();
        json.writeStringField("name", view.name());
        if (view.tenant() != null) {
            json.writeStringField("tenant", view.tenant());
        }
        json.writeObjectFieldStart("labels");
        for (Map.Entry<String, String> label : view.labels().entrySet()) {
            json.writeStringField(label.getKey(), label.getValue());
        }
        json.writeEndObject();
        state(status.state(), json);
        source(status, now, json);
        json.writeArrayFieldStart("sinks");
        for (PipelineStatus.SinkStatus sink : status.sinks()) {
            sink(sink, now, json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void state(PipelineState state, JsonGenerator json) throws IOException {
        json.writeStringField("state", Health.word(state));
        String reason = Health.reason(state);
        if (reason != null) {
            json.writeStringField("reason", reason);
        }
    }

    private static void source(PipelineStatus status, Instant now, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("source");
        json.writeStringField("id", status.source());
        json.writeNumberField("events_read", status.eventsRead());
        json.writeNumberField("lag_bytes", status.sourceLagBytes());
        json.writeNumberField("lag_seconds", Lag.sourceSeconds(status, now));
        textOrNull("durable_position", status.durable(), json);
        json.writeEndObject();
    }

    private static void sink(PipelineStatus.SinkStatus sink, Instant now, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", sink.id());
        json.writeBooleanField("required", sink.required());
        json.writeNumberField("events_delivered", sink.eventsDelivered());
        json.writeNumberField("events_pending", sink.eventsPending());
        json.writeNumberField("lag_seconds", Lag.sinkSeconds(sink, now));
        textOrNull("checkpoint", sink.checkpoint(), json);
        textOrNull("trouble", sink.trouble(), json);
        json.writeNumberField("spooled_events", sink.spooledEvents());
        json.writeNumberField("spooled_bytes", sink.spooledBytes());
        json.writeNumberField("skipped_events", sink.skippedEvents());
        json.writeEndObject();
    }

    private static void textOrNull(String name, @Nullable String text, JsonGenerator json) throws IOException {
        if (text == null) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, text);
        }
    }
}
