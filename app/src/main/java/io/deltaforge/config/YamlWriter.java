package io.deltaforge.config;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes a tree as YAML, a key a line, in the order of the tree. */
final class YamlWriter {
    /** What needs no quotes outside of { } and [ ]. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./$][A-Za-z0-9_./:@+,${}-]*(?<!:)|-[0-9][0-9.]*");

    private static final Set<String> NOTHING = Set.of("null", "~", "");

    private final StringBuilder yaml = new StringBuilder();

    private YamlWriter() {}

    static String write(Node.Mapping root) {
        YamlWriter writer = new YamlWriter();
        writer.mapping(root, "");
        return writer.yaml.toString();
    }

    private void mapping(Node.Mapping mapping, String indent) {
        mapping.entries().forEach((key, entry) -> {
            yaml.append(indent).append(scalar(key)).append(':');
            below(entry.value(), indent + "  ");
        });
    }

    private void below(Node node, String indent) {
        switch (node) {
            case Node.Scalar scalar -> line(scalar.isNull() ? "null" : scalar(scalar.text()));
            case Node.Mapping mapping -> {
                if (mapping.entries().isEmpty()) {
                    line("{}");
                } else {
                    yaml.append('\n');
                    mapping(mapping, indent);
                }
            }
            case Node.Sequence sequence -> {
                if (sequence.items().isEmpty()) {
                    line("[]");
                } else {
                    yaml.append('\n');
                    sequence.items().forEach(item -> item(item, indent));
                }
            }
        }
    }

    private void item(Node item, String indent) {
        yaml.append(indent).append('-');
        if (item instanceof Node.Mapping mapping && !mapping.entries().isEmpty()) {
            int from = yaml.length();
            mapping(mapping, indent + "  ");
            yaml.delete(from, from + indent.length() + 1); // the first key stands beside the dash
        } else {
            below(item, indent + "  ");
        }
    }

    private void line(String text) {
        yaml.append(' ').append(text).append('\n');
    }

    private static String scalar(String text) {
        boolean isPlain = PLAIN.matcher(text).matches() && !NOTHING.contains(text.toLowerCase(Locale.ROOT));
        return isPlain ? text : quoted(text);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f || c == 0x85 || c == 0xfeff || c == 0x2028 || c == 0x2029) {
                        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
