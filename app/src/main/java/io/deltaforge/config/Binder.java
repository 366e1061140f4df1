package io.deltaforge.config;

import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.EventFilter;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkPolicy;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds config records and components from a tree. Goes on after a problem, so that one run finds all of them; what it
 * returns is empty exactly when there was one.
 */
final class Binder {
    /** Keys whose values are blotted out of messages although they stand in a block of plain texts. */
    private static final Pattern SECRET_KEY = Pattern.compile(
            "password|secret|token|credential|jaas|private|passphrase|ssl\\.key", Pattern.CASE_INSENSITIVE);

    private final Components components;
    private final Variables variables;
    private final Problems problems;
    private final ScalarBinder scalars;

    Binder(Components components, Variables variables, Problems problems) {
        this.components = components;
        this.variables = variables;
        this.problems = problems;
        this.scalars = new ScalarBinder(variables, problems);
    }

    private Optional<Object> value(Shape shape, Node node, String path) {
        return switch (shape) {
            case Shape.Simple simple
            when node instanceof Node.Scalar scalar && !scalar.isNull() -> scalars.bind(simple, scalar, path);
            case Shape.ListOf list when node instanceof Node.Sequence sequence -> list(list.item(), sequence, path);
            case Shape.MapOf map when node instanceof Node.Mapping mapping -> map(map.value(), mapping, path);
            case Shape.Block block
            when node instanceof Node.Mapping mapping ->
                record(variant(block, mapping), mapping, path).map(Object.class::cast);
            case Shape.Block(Class<?> type, var parse, var variants)
            when parse != null && node instanceof Node.Scalar scalar && !scalar.isNull() ->
                scalars.bind(new Shape.Parsed(type, parse), scalar, path);
            case Shape.Component component -> component(component, node, path);
            case Shape.FilteredSink entry
            when node instanceof Node.Mapping mapping -> filteredSink(entry, mapping, path);
            case Shape.OneSource source when node instanceof Node.Mapping mapping -> oneSource(mapping, path);
            case Shape.AsInPipeline any -> Optional.of(LogCaptureFile.AsInPipeline.INSTANCE);
            default -> wrongType(shape, node, path);
        };
    }

    private Optional<Object> wrongType(Shape shape, Node node, String path) {
        boolean isSecret =
                shape instanceof Shape.Hidden || SECRET_KEY.matcher(path).find();
        String mend =
                shape instanceof Shape.ListOf && node instanceof Node.Scalar ? "write it as a list: [a, b]" : null;
        problems.add(
                node.place(),
                path,
                "expected " + Wording.expected(shape) + ", found "
                        + (isSecret ? "something else" : Wording.found(node)),
                mend);
        return Optional.empty();
    }

    private Optional<Object> list(Shape item, Node.Sequence sequence, String path) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            value(item, sequence.items().get(i), path + "[" + i + "]").ifPresent(values::add);
        }
        return values.size() == sequence.items().size() ? Optional.of(List.copyOf(values)) : Optional.empty();
    }

    private Optional<Object> map(Shape shape, Node.Mapping mapping, String path) {
        Map<String, Object> values = new LinkedHashMap<>();
        mapping.entries().forEach((key, entry) -> {
            String keyPath = path + "." + key;
            if (shape instanceof Shape.Text && entry.value() instanceof Node.Scalar scalar && !scalar.isNull()) {
                variables.resolve(scalar, false, keyPath, problems).ifPresent(resolved -> {
                    if (resolved.fromEnvironment() || SECRET_KEY.matcher(key).find()) {
                        problems.hide(resolved.text());
                    }
                    values.put(key, resolved.text());
                });
            } else {
                value(shape, entry.value(), keyPath).ifPresent(value -> values.put(key, value));
            }
        });
        return values.size() == mapping.entries().size()
                ? Optional.of(Collections.unmodifiableMap(values))
                : Optional.empty();
    }

    /** The variant that knows most of the keys. */
    private static Class<? extends Record> variant(Shape.Block block, Node.Mapping mapping) {
        Class<? extends Record> best = block.variants().getFirst();
        long bestKnown = -1;
        for (Class<? extends Record> variant : block.variants()) {
            long known = Key.of(variant).stream()
                    .filter(key -> mapping.entries().containsKey(key.name()))
                    .count();
            if (known > bestKnown) {
                best = variant;
                bestKnown = known;
            }
        }
        return best;
    }

    private Optional<Object> component(Shape.Component component, Node node, String path) {
        if (component.hasConfigBlock()) {
            return node instanceof Node.Mapping mapping
                    ? componentWithConfig(component, mapping, List.of("type", "config"), path)
                    : wrongType(component, node, path);
        }
        if (node instanceof Node.Scalar name && !name.isNull()) {
            return create(component, name, Node.Mapping.empty(name.place()), path, path);
        }
        if (!(node instanceof Node.Mapping mapping)) {
            return wrongType(component, node, path);
        }
        if (!(mapping.get("type") instanceof Node.Scalar name)) {
            problems.add(mapping.place(), path + ".type", "required, but missing", known(component));
            return Optional.empty();
        }
        return create(component, name, mapping.without("type"), path + ".type", path);
    }

    private Optional<Object> filteredSink(Shape.FilteredSink entry, Node.Mapping mapping, String path) {
        List<String> keys = List.of("type", "config", SinkEntry.FILTER);
        Optional<SinkPolicy> policy = policy(mapping, path);
        Optional<Object> sink = componentWithConfig(entry.sink(), withoutPolicy(mapping), keys, path);
        Node filter = mapping.get(SinkEntry.FILTER);
        Optional<Object> wanted = filter == null
                ? Optional.of(EventFilter.NONE)
                : value(entry.filter(), filter, path + "." + SinkEntry.FILTER);
        return sink.flatMap(made -> wanted.flatMap(given ->
                policy.map(treated -> new SinkEntry(typeOf(mapping), (Sink) made, (EventFilter) given, treated))));
    }

    /** Of a component that could be made. */
    private String typeOf(Node.Mapping mapping) {
        return mapping.get("type") instanceof Node.Scalar name
                ? variables.resolve(name, false, "type", problems).orElseThrow().text()
                : "";
    }

    /** From the sink's settings, which are not otherwise looked at. */
    private Optional<SinkPolicy> policy(Node.Mapping mapping, String path) {
        if (!(mapping.get("config") instanceof Node.Mapping settings)) {
            return Optional.of(SinkPolicy.NONE);
        }
        SequencedMap<String, Node.Entry> entries = new LinkedHashMap<>(settings.entries());
        entries.keySet().retainAll(SinkEntry.POLICY_KEYS);
        return record(SinkPolicy.class, new Node.Mapping(entries, settings.place()), path + ".config");
    }

    private static Node.Mapping withoutPolicy(Node.Mapping mapping) {
        if (!(mapping.get("config") instanceof Node.Mapping settings)) {
            return mapping;
        }
        SequencedMap<String, Node.Entry> own = new LinkedHashMap<>(settings.entries());
        own.keySet().removeAll(SinkEntry.POLICY_KEYS);
        SequencedMap<String, Node.Entry> entries = new LinkedHashMap<>(mapping.entries());
        entries.computeIfPresent(
                "config", (key, entry) -> new Node.Entry(entry.key(), new Node.Mapping(own, settings.place())));
        return new Node.Mapping(entries, mapping.place());
    }

    private Optional<Object> oneSource(Node.Mapping mapping, String path) {
        if (mapping.get("type") instanceof Node.Scalar name) {
            problems.add(
                    name.place(),
                    path + ".type",
                    "a source has no type and no config here, as it has in a pipeline file",
                    "write " + name.text() + ": and its settings below that");
            return Optional.empty();
        }
        if (mapping.entries().size() == 1) {
            return Optional.of(new LogCaptureFile.SourceByType(
                    mapping.entries().firstEntry().getKey()));
        }
        problems.add(
                mapping.place(),
                path,
                mapping.entries().isEmpty()
                        ? "names no source"
                        : "one source a file, found "
                                + String.join(", ", mapping.entries().keySet()),
                mapping.entries().isEmpty()
                        ? "write its type and its settings below it"
                        : "give each a file of its own");
        return Optional.empty();
    }

    private Optional<Object> componentWithConfig(
            Shape.Component component, Node.Mapping mapping, List<String> keys, String path) {
        Set<String> meant = reportUnknownKeys(mapping, keys, path);
        if (!(mapping.get("type") instanceof Node.Scalar name)) {
            if (!meant.contains("type")) {
                problems.add(mapping.place(), path + ".type", "required, but missing", known(component));
            }
            return Optional.empty();
        }
        Node config = mapping.get("config");
        if (config != null && !(config instanceof Node.Mapping)) {
            problems.add(
                    config.place(), path + ".config", "expected a block of settings, found " + Wording.found(config));
            return Optional.empty();
        }
        Node.Mapping settings = config instanceof Node.Mapping block ? block : Node.Mapping.empty(mapping.place());
        Optional<Object> created = create(component, name, settings, path + ".type", path + ".config");
        return meant.isEmpty() ? created : Optional.empty();
    }

    private Optional<Object> create(
            Shape.Component component, Node.Scalar name, Node.Mapping settings, String namePath, String path) {
        Optional<ComponentType<?, ?>> type = variables
                .resolve(name, false, namePath, problems)
                .flatMap(resolved -> {
                    Optional<ComponentType<?, ?>> found = components.find(component.kind(), resolved.text());
                    if (found.isEmpty()) {
                        problems.add(
                                name.place(),
                                namePath,
                                "unknown " + component.noun() + " \"" + name.text() + "\"",
                                EditDistance.nearest(resolved.text(), components.names(component.kind()))
                                        .map(nearest -> "did you mean " + nearest + "?")
                                        .orElse(known(component)));
                    }
                    return found;
                });
        return type.flatMap(found -> create(found, settings, path));
    }

    private String known(Shape.Component component) {
        List<String> names = components.names(component.kind());
        return names.isEmpty() ? "there is no " + component.noun() + " yet" : "known: " + String.join(", ", names);
    }

    private <T, C extends Record> Optional<Object> create(
            ComponentType<T, C> type, Node.Mapping settings, String path) {
        List<String> notItsOwn = type.kind() == Sink.class ? SinkEntry.POLICY_KEYS : List.of();
        return record(type.config(), settings, notItsOwn, path).flatMap(config -> {
            try {
                return Optional.of(type.create().apply(config));
            } catch (IllegalArgumentException e) {
                reportAt(settings, path, Key.of(type.config()), e);
                return Optional.empty();
            }
        });
    }

    /** Binds a block whose keys are the record's components. */
    <C extends Record> Optional<C> record(Class<C> type, Node.Mapping mapping, String path) {
        return record(type, mapping, List.of(), path);
    }

    /** @param more keys that may have been meant, although others read them */
    private <C extends Record> Optional<C> record(Class<C> type, Node.Mapping mapping, List<String> more, String path) {
        List<Key> keys = Key.of(type);
        List<String> known =
                Stream.concat(keys.stream().map(Key::name), more.stream()).toList();
        Set<String> meant = reportUnknownKeys(mapping, known, path);
        boolean complete = meant.isEmpty();
        @Nullable Object[] arguments = new @Nullable Object[keys.size()];
        for (int i = 0; i < arguments.length; i++) {
            Key key = keys.get(i);
            String keyPath = path.isEmpty() ? key.name() : path + "." + key.name();
            Node node = mapping.get(key.name());
            if (node == null && !key.defaultText().isEmpty()) {
                node = defaultOf(key, mapping.place());
            }
            if (node == null) {
                if (key.isRequired() && !meant.contains(key.name())) {
                    problems.add(placeOf(mapping, key.name()), keyPath, "required, but missing");
                }
                complete &= !key.isRequired();
                arguments[i] = key.wrapped() ? Optional.empty() : null;
            } else {
                Optional<Object> value = value(key.shape(), node, keyPath);
                complete &= value.isPresent();
                arguments[i] = key.wrapped() ? value : value.orElse(null);
            }
        }
        return complete ? construct(type, arguments, mapping, path, keys) : Optional.empty();
    }

    /** Returns the keys that were probably meant, or the unknown ones themselves: empty when all are known. */
    private Set<String> reportUnknownKeys(Node.Mapping mapping, Collection<String> known, String path) {
        Set<String> meant = new HashSet<>();
        mapping.entries().forEach((key, entry) -> {
            if (known.contains(key)) {
                return;
            }
            Set<String> free = known.stream()
                    .filter(name -> !mapping.entries().containsKey(name))
                    .collect(Collectors.toCollection(TreeSet::new));
            Optional<String> nearest = EditDistance.nearest(key, free);
            meant.add(nearest.orElse(key));
            problems.add(
                    entry.key(),
                    path.isEmpty() ? key : path + "." + key,
                    "unknown key",
                    nearest.map(name -> "did you mean " + name + "?")
                            .orElse(
                                    known.isEmpty()
                                            ? "there are no settings here"
                                            : "known: " + String.join(", ", known)));
        });
        return meant;
    }

    private static Node defaultOf(Key key, Place place) {
        Problems none = new Problems(key.name());
        Node node = YamlReader.read(key.defaultText(), none)
                .orElseThrow(() -> new IllegalStateException("a default is not YAML: " + none.list()));
        return switch (node) {
            case Node.Scalar scalar -> new Node.Scalar(scalar.text(), scalar.isNull(), place);
            case Node.Sequence sequence -> new Node.Sequence(sequence.items(), place);
            case Node.Mapping mapping -> new Node.Mapping(mapping.entries(), place);
        };
    }

    private <C extends Record> Optional<C> construct(
            Class<C> type, @Nullable Object[] arguments, Node.Mapping mapping, String path, List<Key> keys) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<C> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            try {
                return Optional.of(constructor.newInstance(arguments));
            } catch (InvocationTargetException e) {
                reportAt(mapping, path, keys, mistake(e, constructor));
                return Optional.empty();
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reports what a constructor says of its arguments. A message that begins with one of the block's keys is reported at
     * that key ({@code key must …}, {@code key: …}), any other at the block. What it says of the entries of a block under
     * the key, a line each ({@code key has 2 problems:\n entry must …\n entry …}), is reported at each of them.
     */
    private void reportAt(Node.Mapping mapping, String path, List<Key> keys, IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage());
        String key = message.split("[ :]", 2)[0];
        if (keys.stream().noneMatch(candidate -> candidate.name().equals(key))) {
            problems.add(mapping.place(), path, message);
            return;
        }
        String keyPath = path.isEmpty() ? key : path + "." + key;
        int colon = message.indexOf(':');
        boolean isAboutEntries = colon == key.length() || message.startsWith("\n", colon + 1);
        if (!isAboutEntries) {
            problems.add(placeOf(mapping, key), keyPath, message);
            return;
        }
        for (String line : message.substring(colon + 1).strip().split("\n\\s*")) {
            String entry = line.split(" ", 2)[0];
            if (mapping.get(key) instanceof Node.Mapping block && block.get(entry) != null) {
                problems.add(
                        placeOf(block, entry),
                        keyPath + "." + entry,
                        line.substring(entry.length()).strip());
            } else {
                problems.add(placeOf(mapping, key), keyPath, line);
            }
        }
    }

    private static Place placeOf(Node.Mapping mapping, String key) {
        Node.Entry entry = mapping.entries().get(key);
        return entry == null ? mapping.place() : entry.key();
    }

    /** What the user did wrong; anything but an {@link IllegalArgumentException} is a mistake of the program. */
    static IllegalArgumentException mistake(InvocationTargetException thrown, Member member) {
        if (thrown.getCause() instanceof IllegalArgumentException mistake) {
            return mistake;
        }
        throw new IllegalStateException(member + " failed", thrown.getCause());
    }
}
