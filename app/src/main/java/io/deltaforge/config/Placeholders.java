package io.deltaforge.config;

import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts something that fits in the place of every variable that is not set here, so that a file can be checked away from
 * the machine that it runs on.
 */
final class Placeholders {
    private static final Variables ALL_SET = new Variables(new AnySet());

    private final Variables variables;
    private final Set<String> needed;

    /** @param needed paths whose values must be known all the same */
    Placeholders(Variables variables, Set<String> needed) {
        this.variables = variables;
        this.needed = needed;
    }

    Node.Mapping in(Node.Mapping mapping, Class<? extends Record> type, String path) {
        Node.Mapping filled = mapping;
        for (Key key : Key.of(type)) {
            Node node = mapping.get(key.name());
            if (node != null) {
                String keyPath = path.isEmpty() ? key.name() : path + "." + key.name();
                filled = filled.with(key.name(), in(node, key.shape(), key.defaultText(), keyPath));
            }
        }
        return filled;
    }

    private Node in(Node node, Shape shape, String defaultText, String path) {
        return switch (node) {
            case Node.Mapping mapping
            when shape instanceof Shape.Block block ->
                in(mapping, block.variants().getFirst(), path);
            case Node.Sequence sequence
            when shape instanceof Shape.ListOf list -> {
                List<Node> items = new ArrayList<>();
                sequence.items().forEach(item -> items.add(in(item, list.item(), "", path)));
                yield new Node.Sequence(items, sequence.place());
            }
            case Node.Scalar scalar
            when shape instanceof Shape.Simple simple && isUnset(scalar) && !needed.contains(path) ->
                new Node.Scalar(defaultText.isEmpty() ? fitting(simple) : defaultText, false, scalar.place());
            default -> node;
        };
    }

    private boolean isUnset(Node.Scalar scalar) {
        return variables.resolve(scalar, false, "", new Problems("")).isEmpty()
                && ALL_SET.resolve(scalar, false, "", new Problems("")).isPresent();
    }

    private static String fitting(Shape.Simple shape) {
        return switch (shape) {
            case Shape.Choice choice -> Wording.words(choice.type()).getFirst();
            case Shape.Whole whole -> "1";
            case Shape.Decimal decimal -> "1";
            case Shape.Flag flag -> "true";
            case Shape.Time time -> "1s";
            case Shape.Text text -> "placeholder";
            case Shape.Hidden secret -> "placeholder";
            case Shape.Parsed parsed -> "placeholder";
        };
    }

    /** Every variable there could be. */
    private static final class AnySet extends AbstractMap<String, String> {
        @Override
        public String get(Object name) {
            return "placeholder";
        }

        @Override
        public Set<Map.Entry<String, String>> entrySet() {
            throw new UnsupportedOperationException("it has no end");
        }
    }
}
