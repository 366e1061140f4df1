package io.deltaforge.sink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.event.LogEntry;
import io.deltaforge.event.LogLevel;
import io.deltaforge.event.LogStream;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Transaction;
import java.util.Map;

/** Log entries as a source would make them, each in a transaction of its own. */
final class LogEvents {
    private static final SourceInfo SOURCE = new SourceInfo("logs", "logs", "");

    private int count;

    LogEntry line(String text) {
        return line(text, null, Map.of());
    }

    /** @param level as the source told it */
    LogEntry line(String text, LogLevel level, Map<String, String> labels) {
        byte[] data = text.getBytes(UTF_8);
        count++;
        Transaction transaction = new Transaction(SOURCE, count, 0, count, count - 1, new TextPosition("" + count));
        LogStream stream = new LogStream("f", "/var/log/a.log", labels, null);
        return new LogEntry(transaction, stream, data, 0, data.length, count, count + 1, 0, 0, level, Map.of(), false);
    }
}
