package io.deltaforge.spi.log;

import io.deltaforge.event.LogLevel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What logging libraries call the levels, in any case, and the numbers that Bunyan and Pino write. */
final class LevelNames {
    private static final int LONGEST = "informational".length();
    private static final List<List<Name>> BY_LENGTH = new ArrayList<>();

    static {
        for (int length = 0; length <= LONGEST; length++) {
            BY_LENGTH.add(new ArrayList<>());
        }
        name(LogLevel.INFO, "info", "inf", "information", "informational", "notice", "30");
        name(LogLevel.WARN, "warn", "warning", "wrn", "40");
        name(LogLevel.ERROR, "error", "err", "eror", "severe", "50");
        name(LogLevel.DEBUG, "debug", "dbg", "debg", "fine", "20");
        name(LogLevel.TRACE, "trace", "trc", "finest", "finer", "10");
        name(LogLevel.CRITICAL, "critical", "crit");
        name(LogLevel.FATAL, "fatal", "panic", "alert", "emerg", "emergency", "60");
    }

    private record Name(String small, LogLevel level) {
        boolean isAt(byte[] data, int start) {
            for (int i = 0; i < small.length(); i++) {
                byte b = data[start + i];
                if (small.charAt(i) != (b >= 'A' && b <= 'Z' ? b + 'a' - 'A' : b)) {
                    return false;
                }
            }
            return true;
        }
    }

    private LevelNames() {}

    private static void name(LogLevel level, String... names) {
        for (String name : names) {
            BY_LENGTH.get(name.length()).add(new Name(name, level));
        }
    }

    /** The level that these bytes name; {@code null} for other words. Makes no garbage: every line may be asked for it. */
    static @Nullable LogLevel find(byte[] data, int start, int end) {
        if (end - start > LONGEST) {
            return null;
        }
        List<Name> names = BY_LENGTH.get(end - start);
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).isAt(data, start)) {
                return names.get(i).level();
            }
        }
        return null;
    }
}
