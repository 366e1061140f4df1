package io.deltaforge.spi.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.event.LogEntry;
import io.deltaforge.event.LogLevel;
import io.deltaforge.event.LogStream;
import io.deltaforge.event.Position;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Transaction;
import java.util.Map;

/** Log entries of a text. */
final class Lines {
    private static final LogStream STREAM = new LogStream("s", "/var/log/a.log", Map.of("app", "shop"), null);

    private record Nowhere() implements Position {
        @Override
        public boolean covers(Position other) {
            return true;
        }

        @Override
        public Position earliest(Position other) {
            return this;
        }

        @Override
        public String text() {
            return "";
        }
    }

    private Lines() {}

    /** In the middle of an array, as sources hand them on. */
    static LogEntry of(String text) {
        return of(text, null, Map.of());
    }

    static LogEntry of(String text, LogLevel level, Map<String, String> fields) {
        byte[] data = ("{\"level\":\"fatal\"}\n" + text + "\nlevel=fatal FATAL").getBytes(UTF_8);
        int start = 18;
        int end = start + text.getBytes(UTF_8).length;
        Transaction transaction = new Transaction(new SourceInfo("logs", "l", ""), 0, 0, 0, 0, new Nowhere());
        return new LogEntry(transaction, STREAM, data, start, end, 0, 0, 0, 0, level, fields, false);
    }
}
