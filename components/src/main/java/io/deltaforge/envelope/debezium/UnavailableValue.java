package io.deltaforge.envelope.debezium;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.deltaforge.event.DataType;
import io.deltaforge.spi.DocumentWriter;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What Debezium writes for a value that the database did not log, an unchanged TOAST column: its
 * {@code unavailable.value.placeholder}, in a form that fits the column's type.
 */
enum UnavailableValue {
    TEXT {
        @Override
        void write(DocumentWriter out) {
            out.plainText(PLACEHOLDER, 0, PLACEHOLDER.length);
        }
    },
    BYTES {
        @Override
        void write(DocumentWriter out) {
            out.bytes(PLACEHOLDER, 0, PLACEHOLDER.length);
        }
    },
    HSTORE {
        @Override
        void write(DocumentWriter out) {
            out.text("{\"" + PLACEHOLDER_TEXT + "\":\"" + PLACEHOLDER_TEXT + "\"}");
        }
    },
    TEXT_ARRAY {
        @Override
        void write(DocumentWriter out) {
            out.beginArray();
            TEXT.write(out);
            out.endArray();
        }
    },
    BYTES_ARRAY {
        @Override
        void write(DocumentWriter out) {
            out.beginArray();
            BYTES.write(out);
            out.endArray();
        }
    },
    UUID_ARRAY {
        @Override
        void write(DocumentWriter out) {
            out.beginArray();
            out.text(UUID.nameUUIDFromBytes(PLACEHOLDER).toString());
            out.endArray();
        }
    },
    /** The codes of the placeholder's characters. */
    NUMBER_ARRAY {
        @Override
        void write(DocumentWriter out) {
            out.beginArray();
            for (byte code : PLACEHOLDER) {
                out.number(code);
            }
            out.endArray();
        }
    };

    private static final String PLACEHOLDER_TEXT = "__debezium_unavailable_value";
    private static final byte[] PLACEHOLDER = PLACEHOLDER_TEXT.getBytes(US_ASCII);

    abstract void write(DocumentWriter out);

    static UnavailableValue of(DataType type) {
        return switch (type.kind()) {
            case BYTES -> BYTES;
            case HSTORE -> HSTORE;
            case ARRAY -> ofArray(type.element());
            default -> TEXT;
        };
    }

    private static UnavailableValue ofArray(@Nullable DataType element) {
        if (element == null) {
            return TEXT;
        }
        return switch (element.kind()) {
            case TEXT, JSON -> TEXT_ARRAY;
            case BYTES -> BYTES_ARRAY;
            case UUID -> UUID_ARRAY;
            case INT32, INT64, DATE -> NUMBER_ARRAY;
            default -> TEXT;
        };
    }
}
