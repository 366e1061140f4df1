package io.deltaforge.sink.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.event.Event;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.Table;
import io.deltaforge.spi.Template;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * To which sequence of files an event belongs: the template's text, made fit for a file name. What comes from an event
 * can be neither {@code /} nor {@code ..}. Confined to one thread.
 */
final class StreamName {
    /** Leaves room for the time and the endings in the 255 bytes that file systems allow. */
    static final int MAX_PART_LENGTH = 200;

    static final String RULE =
            "a file's name must be a path below the directory, of letters, digits and . _ = + @ % - between"
                    + " slashes, with at most " + MAX_PART_LENGTH + " characters between two";

    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9._=+@%-]+(/[A-Za-z0-9._=+@%-]+)*");
    private static final Pattern WAY_UP = Pattern.compile("(.*/)?\\.{1,2}(/.*)?");
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final Template template;
    private final boolean perTable;
    private @Nullable Table lastTable;
    private @Nullable String lastName;

    StreamName(Template template) {
        this.template = template;
        this.perTable = template.isPerTable();
    }

    /** A relative path; {@code null} when a place of the template has no value in this event. */
    @Nullable
    String of(Event event) {
        if (!perTable || !(event instanceof RowChange change)) {
            return template.render(event, StreamName::safe);
        }
        if (change.table() != lastTable) {
            lastTable = change.table();
            lastName = template.render(event, StreamName::safe);
        }
        return lastName;
    }

    /** Whether it may have been made of a template and events; {@link #RULE}. */
    static boolean isLegal(String name) {
        return LEGAL.matcher(name).matches() && !WAY_UP.matcher(name).matches() && fits(name);
    }

    /** False when a part of the path is longer than a file system takes. */
    static boolean fits(String name) {
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i == name.length() || name.charAt(i) == '/') {
                if (i - start > MAX_PART_LENGTH) {
                    return false;
                }
                start = i + 1;
            }
        }
        return true;
    }

    /** A dot that begins the value is written as {@code %2E}: with others it could become a way up, or a hidden file. */
    static String safe(String value) {
        if (value.isEmpty()) {
            return "_";
        }
        StringBuilder safe = new StringBuilder(value.length());
        for (byte b : value.getBytes(UTF_8)) {
            char c = (char) (b & 0xff);
            if (isPlain(c) || (c == '.' && !safe.isEmpty())) {
                safe.append(c);
            } else {
                safe.append('%').append(HEX.toHexDigits(b));
            }
        }
        return safe.toString();
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
}
