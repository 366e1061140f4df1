package io.deltaforge.envelope.cloudevents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.deltaforge.event.Event;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.Message;
import io.deltaforge.event.Op;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.EventId;
import io.deltaforge.spi.FieldName;
import io.deltaforge.spi.value.UtcText;
import java.net.URLEncoder;
import java.util.EnumMap;
import org.jspecify.annotations.Nullable;

/** Writes a CloudEvent's context attributes. Confined to one thread. */
final class Attributes {
    private static final FieldName SPEC_VERSION = new FieldName("specversion");
    private static final FieldName ID = new FieldName("id");
    private static final FieldName SOURCE = new FieldName("source");
    private static final FieldName TYPE = new FieldName("type");
    private static final FieldName SUBJECT = new FieldName("subject");
    private static final FieldName TIME = new FieldName("time");
    private static final FieldName DATA_CONTENT_TYPE = new FieldName("datacontenttype");

    private static final byte[] SPEC_VERSION_VALUE = "1.0".getBytes(UTF_8);
    private static final byte[] DATA_TYPE = "application/json".getBytes(UTF_8);
    private static final int FRACTION_DIGITS = 6;

    private final EventId eventId = new EventId();
    private final byte[] time = new byte[UtcText.MAX_LENGTH];
    private final EnumMap<Op, byte[]> types = new EnumMap<>(Op.class);
    private final byte[] messageType;
    private final byte[] logType;
    private @Nullable SourceInfo source;
    private byte[] sourcePath = {};

    /** @param typePrefix begins every {@code type} */
    Attributes(String typePrefix) {
        for (Op op : Op.values()) {
            types.put(op, (typePrefix + '.' + whatHappened(op)).getBytes(UTF_8));
        }
        messageType = (typePrefix + ".message").getBytes(UTF_8);
        logType = (typePrefix + ".logged").getBytes(UTF_8);
    }

    /** @param subject what the event is about, in UTF-8; left out when empty, which CloudEvents does not allow */
    void write(Event event, byte[] subject, DocumentWriter out) {
        text(SPEC_VERSION, SPEC_VERSION_VALUE, out);
        out.name(ID);
        eventId.write(event, out);
        text(SOURCE, sourceOf(event.transaction().source()), out);
        text(TYPE, typeOf(event), out);
        if (subject.length > 0) {
            text(SUBJECT, subject, out);
        }
        out.name(TIME);
        long micros = event instanceof LogEntry entry
                ? entry.timeMicros()
                : event.transaction().commitMicros();
        out.plainText(time, 0, UtcText.put(micros, FRACTION_DIGITS, time, 0));
        text(DATA_CONTENT_TYPE, DATA_TYPE, out);
    }

    private byte[] typeOf(Event event) {
        return switch (event) {
            case RowChange change -> requireNonNull(types.get(change.op()));
            case Message message -> messageType;
            case LogEntry entry -> logType;
        };
    }

    /** A URI reference, {@code /deltaforge/<connector>/<id>}. */
    @SuppressWarnings("ReferenceEquality") // one object a source
    private byte[] sourceOf(SourceInfo info) {
        if (info != source) {
            source = info;
            sourcePath = ("/deltaforge/" + segment(info.connector()) + '/' + segment(info.id())).getBytes(UTF_8);
        }
        return sourcePath;
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    private static String whatHappened(Op op) {
        return switch (op) {
            case CREATE -> "created";
            case UPDATE -> "updated";
            case DELETE -> "deleted";
            case READ -> "read";
            case TRUNCATE -> "truncated";
        };
    }

    private static void text(FieldName name, byte[] utf8, DocumentWriter out) {
        out.name(name);
        out.text(utf8, 0, utf8.length);
    }
}
