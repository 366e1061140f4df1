package io.deltaforge.spi.value;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.event.Derived;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.LogLevel;
import io.deltaforge.event.LogStream;
import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.FieldName;
import io.deltaforge.spi.TextConstant;
import io.deltaforge.spi.log.MessageLevel;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Writes what a log entry says in the way that the plain envelopes share. Confined to one thread. */
public final class PlainLog {
    private static final FieldName LEVEL = new FieldName("level");
    private static final FieldName MESSAGE = new FieldName("message");
    private static final FieldName MESSAGE_BASE64 = new FieldName("message_base64");
    private static final FieldName LABELS = new FieldName("labels");
    private static final FieldName FIELDS = new FieldName("fields");
    private static final FieldName TRUNCATED = new FieldName("truncated");

    private final Derived<LogStream, Labels> labelsOf = new Derived<>(Labels::new);
    private final EnumMap<LogLevel, TextConstant> levelTexts = new EnumMap<>(LogLevel.class);

    public PlainLog() {
        for (LogLevel level : LogLevel.values()) {
            levelTexts.put(level, new TextConstant(level.text()));
        }
    }

    /**
     * Writes the members {@code level}, {@code message}, {@code labels}, {@code fields} and {@code truncated} of an object,
     * each where there is something to say. Where a message is no UTF-8, {@code message_base64} holds its bytes, and
     * {@code message} what can be read of them.
     */
    public void writeMembers(LogEntry entry, DocumentWriter out) {
        LogLevel level = MessageLevel.of(entry);
        if (level != null) {
            out.name(LEVEL);
            out.text(Objects.requireNonNull(levelTexts.get(level)));
        }
        out.name(MESSAGE);
        if (Utf8.isValid(entry.data(), entry.start(), entry.end())) {
            out.text(entry.data(), entry.start(), entry.end());
        } else {
            out.text(new String(entry.data(), entry.start(), entry.end() - entry.start(), UTF_8));
            out.name(MESSAGE_BASE64);
            out.bytes(entry.data(), entry.start(), entry.end());
        }
        Labels labels = labelsOf.of(entry.stream());
        if (labels.names.length > 0) {
            out.name(LABELS);
            labels.write(out);
        }
        if (!entry.fields().isEmpty()) {
            out.name(FIELDS);
            write(entry.fields(), out);
        }
        if (entry.truncated()) {
            out.name(TRUNCATED);
            out.bool(true);
        }
    }

    private static void write(Map<String, String> texts, DocumentWriter out) {
        out.beginObject();
        texts.forEach((name, text) -> {
            out.name(new FieldName(name));
            out.text(text);
        });
        out.endObject();
    }

    /** A stream's, ready to be written. */
    private static final class Labels {
        final FieldName[] names;
        final TextConstant[] texts;

        Labels(LogStream stream) {
            int count = stream.labels().size();
            names = new FieldName[count];
            texts = new TextConstant[count];
            int i = 0;
            for (Map.Entry<String, String> label : stream.labels().entrySet()) {
                names[i] = new FieldName(label.getKey());
                texts[i++] = new TextConstant(label.getValue());
            }
        }

        void write(DocumentWriter out) {
            out.beginObject();
            for (int i = 0; i < names.length; i++) {
                out.name(names[i]);
                out.text(texts[i]);
            }
            out.endObject();
        }
    }
}
