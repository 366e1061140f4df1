package io.deltaforge.cli.sandbox;

import java.util.ArrayList;
import java.util.List;

/** One line for a terminal, in styled parts. What would move the cursor is shown, not sent. */
public final class StyledLine {
    private static final String CUT = "…";

    private final List<Part> parts = new ArrayList<>();

    private record Part(Style style, String text) {}

    public StyledLine add(String text) {
        return add(Style.PLAIN, text);
    }

    public StyledLine add(Style style, String text) {
        parts.add(new Part(style, visible(text)));
        return this;
    }

    /** Spaces up to {@code column}, or one where the line is longer already. */
    public StyledLine padTo(int column) {
        int used = parts.stream().mapToInt(part -> width(part.text())).sum();
        return add(" ".repeat(Math.max(1, column - used)));
    }

    /** Cut to so many columns, with an ellipsis for what is missing. */
    public String render(int columns, boolean coloured) {
        int left = columns;
        boolean fits = parts.stream().mapToInt(part -> width(part.text())).sum() <= columns;
        StringBuilder line = new StringBuilder();
        for (Part part : parts) {
            String text = fits ? part.text() : prefix(part.text(), left - 1);
            left -= width(text);
            line.append(coloured ? part.style().apply(text) : text);
            if (!fits && text.length() < part.text().length()) {
                return line.append(CUT).toString();
            }
        }
        return line.toString();
    }

    /** The longest beginning that fits. */
    private static String prefix(String text, int columns) {
        int used = 0;
        int end = 0;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            used += width(codePoint);
            if (used > columns) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return text.substring(0, end);
    }

    private static int width(String text) {
        return text.codePoints().map(StyledLine::width).sum();
    }

    /** Columns of a character: two for those of East Asia and for pictures, as terminals have it. */
    private static int width(int codePoint) {
        int type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        boolean wide = codePoint >= 0x1100
                && (codePoint <= 0x115F
                        || (codePoint >= 0x2E80 && codePoint <= 0xA4CF)
                        || (codePoint >= 0xAC00 && codePoint <= 0xD7A3)
                        || (codePoint >= 0xF900 && codePoint <= 0xFAFF)
                        || (codePoint >= 0xFE30 && codePoint <= 0xFE6F)
                        || (codePoint >= 0xFF00 && codePoint <= 0xFF60)
                        || (codePoint >= 0x1F300 && codePoint <= 0x1FAFF)
                        || (codePoint >= 0x20000 && codePoint <= 0x3FFFD));
        return wide ? 2 : 1;
    }

    private static String visible(String text) {
        if (text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        text.chars().forEach(c -> {
            switch (c) {
                case '\n' -> shown.append("\\n");
                case '\t' -> shown.append("\\t");
                case '\r' -> shown.append("\\r");
                default -> shown.append(Character.isISOControl(c) ? '�' : (char) c);
            }
        });
        return shown.toString();
    }
}
