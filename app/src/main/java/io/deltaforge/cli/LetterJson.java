package io.deltaforge.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.deltaforge.reliability.StoredLetter;
import io.deltaforge.spi.DeadLetter;
import io.deltaforge.spi.Rendered;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Dead letters as one JSON array. Bytes that are no UTF-8 text stand in base64, under a name that ends so. */
final class LetterJson implements AutoCloseable {
    private final JsonGenerator json;
    private final PrintWriter out;

    LetterJson(PrintWriter out) {
        this.out = out;
        try {
            json = new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            json.writeStartArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param whole with value and headers */
    void write(StoredLetter stored, boolean whole) {
        try {
            json.writeStartObject();
            json.writeNumberField("id", stored.id());
            about(stored);
            Rendered record = stored.letter().payload().record();
            bytes("key", record.key());
            if (whole) {
                headers(record);
                bytes("value", record.value());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void about(StoredLetter stored) throws IOException {
        DeadLetter letter = stored.letter();
        DeadLetter.Origin origin = letter.origin();
        json.writeStringField("pipeline", origin.pipeline());
        json.writeStringField("source", origin.source());
        json.writeStringField("sink", origin.sink());
        json.writeStringField("event_id", origin.eventId());
        json.writeStringField("source_position", origin.position());
        json.writeStringField("table", origin.table());
        json.writeStringField("op", origin.op());
        json.writeStringField("error_kind", letter.cause().kind());
        json.writeStringField("reason", letter.cause().reason());
        json.writeStringField("destination", letter.payload().record().destination());
        Integer partition = letter.payload().record().partition();
        if (partition == null) {
            json.writeNullField("partition");
        } else {
            json.writeNumberField("partition", partition);
        }
        json.writeNumberField("attempts", letter.attempts().count());
        json.writeStringField("first_failed_at", letter.attempts().first().toString());
        json.writeStringField("last_failed_at", letter.attempts().last().toString());
        json.writeNumberField("payload_bytes", letter.payload().bytes());
        json.writeBooleanField("payload_truncated", letter.payload().isTruncated());
        json.writeStringField("payload_truncation", letter.payload().truncation());
        json.writeBooleanField("can_be_sent_as_it_was", stored.hasEvent());
        json.writeBooleanField("replay_wanted", stored.wanted());
        json.writeNumberField("reprocessing_attempts", stored.tries());
        json.writeBooleanField("parked", stored.parked());
    }

    private void headers(Rendered record) throws IOException {
        json.writeArrayFieldStart("headers");
        for (Rendered.Header header : record.headers()) {
            json.writeStartObject();
            json.writeStringField("name", header.name());
            bytes("value", header.value());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void bytes(String name, byte @Nullable [] bytes) throws IOException {
        if (bytes == null) {
            json.writeNullField(name);
            return;
        }
        Optional<String> text = LetterText.utf8(bytes);
        if (text.isPresent()) {
            json.writeStringField(name, text.get());
        } else {
            json.writeStringField(name + "_base64", LetterText.base64(bytes));
        }
    }

    @Override
    public void close() {
        try {
            json.writeEndArray();
            json.flush();
            out.println();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
