package io.deltaforge.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.ScalarEvent;

/** Reads one YAML document into a tree. Anchors and aliases are followed; a duplicate key is a problem. */
final class YamlReader {
    private static final YAMLFactory YAML = new Factory();

    private final YAMLParser parser;
    private final Problems problems;
    private final Map<String, Node> anchors = new HashMap<>();

    private YamlReader(YAMLParser parser, Problems problems) {
        this.parser = parser;
        this.problems = problems;
    }

    /** Empty when the text is no YAML, or nothing at all; the problem is reported then. */
    static Optional<Node> read(String text, Problems problems) {
        try (YAMLParser parser = YAML.createParser(text)) {
            return new YamlReader(parser, problems).document();
        } catch (JsonProcessingException e) {
            report(e, text, problems);
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a String cannot fail to be read
        }
    }

    private Optional<Node> document() throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            problems.add(Place.FILE, "", "holds no pipeline");
            return Optional.empty();
        }
        Node root = node(first, place(), "");
        if (parser.nextToken() != null) {
            problems.add(place(), "", "a second document starts here", "one pipeline per file: give it its own");
        }
        return Optional.of(root);
    }

    private Node node(JsonToken token, Place place, String path) throws IOException {
        String anchor = parser.getObjectId();
        Node node = switch (token) {
            case START_OBJECT -> mapping(place, path);
            case START_ARRAY -> sequence(place, path);
            case VALUE_STRING -> parser.isCurrentAlias() ? alias(path) : scalar(false);
            case VALUE_NULL -> scalar(true);
            default -> scalar(false);
        };
        if (anchor != null) {
            anchors.put(anchor, node);
        }
        return node;
    }

    private Node scalar(boolean isNull) throws IOException {
        return new Node.Scalar(parser.getText(), isNull, place());
    }

    private Node alias(String path) throws IOException {
        Node target = anchors.get(parser.getText());
        if (target != null) {
            return target;
        }
        problems.add(place(), path, "nothing before this is marked &" + parser.getText());
        return new Node.Scalar("", true, place());
    }

    private Node mapping(Place place, String path) throws IOException {
        SequencedMap<String, Node.Entry> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            Place keyPlace = place();
            String keyPath = path.isEmpty() ? key : path + "." + key;
            Node.Entry entry = new Node.Entry(keyPlace, node(parser.nextToken(), keyPlace, keyPath));
            Node.Entry earlier = entries.putIfAbsent(key, entry);
            if (earlier != null) {
                problems.add(
                        keyPlace,
                        keyPath,
                        "duplicate key",
                        "it stands on line " + earlier.key().line() + " already");
            }
        }
        return new Node.Mapping(entries, place);
    }

    private Node sequence(Place place, String path) throws IOException {
        List<Node> items = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            items.add(node(token, place(), path + "[" + items.size() + "]"));
        }
        return new Node.Sequence(items, place);
    }

    private Place place() {
        JsonLocation location = parser.currentTokenLocation();
        return new Place(location.getLineNr(), location.getColumnNr());
    }

    /** The parser's own message quotes the line, which may hold a secret: only what it says about it is kept. */
    private static void report(JsonProcessingException e, String text, Problems problems) {
        Place place = new Place(
                Math.max(1, e.getLocation().getLineNr()),
                Math.max(1, e.getLocation().getColumnNr()));
        String message = "a key must be a plain text";
        if (marked(e) instanceof MarkedYAMLException marked) {
            Mark mark = marked.getProblemMark();
            place = mark == null ? place : new Place(mark.getLine() + 1, mark.getColumn() + 1);
            message = marked.getProblem();
        }
        String line = text.lines().skip(place.line() - 1L).findFirst().orElse("");
        problems.add(
                place,
                "",
                "not YAML: " + message,
                line.contains("${") ? "between { } and [ ] a ${NAME} must stand in quotes" : null);
    }

    private static @Nullable Throwable marked(Throwable e) {
        Throwable cause = e;
        while (cause != null && !(cause instanceof MarkedYAMLException)) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Jackson's own parser tells the anchors of blocks and lists alone. */
    private static final class Factory extends YAMLFactory {
        private static final long serialVersionUID = 1;

        @Override
        protected YAMLParser _createParser(Reader text, IOContext context) throws IOException {
            return new YAMLParser(context, _parserFeatures, _yamlParserFeatures, _loaderOptions, _objectCodec, text) {
                @Override
                public @Nullable String getObjectId() throws IOException {
                    return _lastEvent instanceof ScalarEvent scalar ? scalar.getAnchor() : super.getObjectId();
                }
            };
        }
    }
}
