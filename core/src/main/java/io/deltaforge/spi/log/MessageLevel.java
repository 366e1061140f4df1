package io.deltaforge.spi.log;

import io.deltaforge.event.LogEntry;
import io.deltaforge.event.LogLevel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How grave a log entry is: by what its source told; else by a field of the message ({@code level}, {@code severity},
 * {@code lvl}, {@code log.level}); else by the first word of a text that is a level's name and stands out, in capitals
 * ({@code ERROR}), in brackets ({@code [error]}) or before a colon ({@code error:}).
 */
public final class MessageLevel {
    /** Levels stand near a line's beginning; what follows is the story. */
    private static final int LOOKED_AT_BYTES = 160;

    private static final List<MessageField> FIELDS = List.of(
            new MessageField("level"),
            new MessageField("severity"),
            new MessageField("lvl"),
            new MessageField("log.level"));

    private MessageLevel() {}

    /** {@code null} when nothing tells. */
    public static @Nullable LogLevel of(LogEntry entry) {
        if (entry.level() != null) {
            return entry.level();
        }
        byte[] data = entry.data();
        int first = JsonMember.skipSpace(data, entry.start(), entry.end());
        boolean json = first < entry.end() && data[first] == '{';
        if (json || mayBeLogfmt(entry)) {
            for (MessageField field : FIELDS) {
                Slice value = field.find(entry);
                LogLevel found = value == null ? null : LevelNames.find(value.data(), value.start(), value.end());
                if (found != null) {
                    return found;
                }
            }
        }
        return json ? null : ofText(data, first, Math.min(entry.end(), first + LOOKED_AT_BYTES));
    }

    private static boolean mayBeLogfmt(LogEntry entry) {
        for (int i = entry.start(); i < entry.end(); i++) {
            if (entry.data()[i] == '=') {
                return true;
            }
        }
        return false;
    }

    private static @Nullable LogLevel ofText(byte[] data, int from, int to) {
        int i = from;
        while (i < to) {
            if (!isLetter(data[i])) {
                i++;
                continue;
            }
            int end = i + 1;
            while (end < to && isWordPart(data[end])) {
                end++;
            }
            boolean begins = i == from || !isWordPart(data[i - 1]);
            if (begins && standsOut(data, i, end, from, to)) {
                LogLevel found = LevelNames.find(data, i, end);
                if (found != null) {
                    return found;
                }
            }
            i = end;
        }
        return null;
    }

    private static boolean standsOut(byte[] data, int start, int end, int from, int to) {
        byte behind = end < to ? data[end] : 0;
        byte before = start > from ? data[start - 1] : 0;
        if (behind == ':' || (before == '[' && behind == ']') || (before == '<' && behind == '>')) {
            return true;
        }
        for (int i = start; i < end; i++) {
            if (data[i] < 'A' || data[i] > 'Z') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
    }

    private static boolean isWordPart(byte b) {
        return isLetter(b) || (b >= '0' && b <= '9') || b == '_' || b == '-' || b == '.' || b == '/';
    }
}
