package io.deltaforge.sink.file;

import io.deltaforge.event.Event;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Encoding;
import io.deltaforge.spi.EventId;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.HandMade;
import io.deltaforge.spi.JsonCheck;
import io.deltaforge.spi.Rendered;
import io.deltaforge.spi.Template;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns batches into lines. Confined to one thread. */
final class LineMaker {
    private final Encoding.Encoder encoder;
    private final Template template;
    private final StreamName name;
    private final EventId eventId = new EventId();

    LineMaker(FileSinkConfig config) {
        encoder = config.encoding().encoder(config.envelope());
        template = config.name();
        name = new StreamName(template);
    }

    BatchLines lines(Batch batch) {
        BatchLines lines = new BatchLines();
        for (int i = 0; i < batch.size(); i++) {
            add(batch.event(i), i, lines);
        }
        return lines;
    }

    /** What a human made stays in its stream, or goes to the one that the human named. */
    BatchLines lines(HandMade letter) {
        BatchLines lines = new BatchLines();
        Rendered record = letter.record();
        String stream = record.destination();
        byte[] value = record.value();
        String flaw = JsonCheck.flaw(value == null ? new byte[0] : value);
        if (stream == null || !StreamName.isLegal(stream)) {
            lines.reject(rejected(0, "invalid_file_name", StreamName.RULE + ", but is " + stream, record));
        } else if (value == null || flaw != null) {
            lines.reject(rejected(0, "serialization", "a line must be JSON, but at " + flaw, record));
        } else {
            lines.of(stream).add(value);
        }
        return lines;
    }

    private void add(Event event, int index, BatchLines lines) {
        String stream = name.of(event);
        byte[] value;
        try {
            value = encoder.value(event);
        } catch (RuntimeException e) {
            String reason = "the event cannot be written as a line of " + template + ": " + e;
            lines.reject(rejected(index, "serialization", reason, rendered(event, stream, null)));
            return;
        }
        if (stream == null) {
            String reason = "name \"" + template + "\" has a place without a value";
            lines.reject(rejected(index, "no_file_name", reason, rendered(event, null, value)));
        } else if (!StreamName.fits(stream)) {
            String reason = "name \"" + template + "\" makes a file name of more than " + StreamName.MAX_PART_LENGTH
                    + " characters";
            lines.reject(rejected(index, "invalid_file_name", reason, rendered(event, null, value)));
        } else {
            lines.of(stream).add(value);
        }
    }

    private static Failure.RejectedEvent rejected(int index, String kind, String reason, Rendered record) {
        return new Failure.RejectedEvent(index, kind, reason, record);
    }

    @SuppressWarnings("NullAway") // it does not see in a class file that an array may be null
    private Rendered rendered(Event event, @Nullable String stream, byte @Nullable [] value) {
        Rendered.Header id = new Rendered.Header("event-id", eventId.bytes(event));
        return new Rendered(stream, null, null, value, List.of(id));
    }
}
