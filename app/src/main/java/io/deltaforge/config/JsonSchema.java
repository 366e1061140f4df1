package io.deltaforge.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkPolicy;
import io.deltaforge.spi.Source;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The JSON Schema (draft 7, which editors know best) of pipeline files, read from the same records as they are. */
public final class JsonSchema {
    /** What may stand for any value: a text with a variable in it. */
    private static final Map<String, Object> VARIABLE = Map.of("$ref", "#/definitions/variable");

    private final Components components;
    private final Map<String, Object> definitions = new TreeMap<>();

    private JsonSchema(Components components) {
        this.components = components;
    }

    public static String of(Components components) {
        JsonSchema schema = new JsonSchema(components);
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("$schema", "http://json-schema.org/draft-07/schema#");
        root.put("title", "DeltaForge pipeline");
        Map<String, Object> properties = schema.properties(PipelineFile.class);
        properties.put("apiVersion", object("const", PipelineFile.API_VERSION));
        properties.put("kind", object("const", PipelineFile.KIND));
        root.put("if", object("required", List.of("sinks")));
        root.put("then", schema.block(LogCaptureFile.class));
        root.put("else", block(properties, required(PipelineFile.class)));
        schema.definitions.put("variable", object("type", "string", "pattern", "\\$\\{[A-Z_]"));
        root.put("definitions", schema.definitions);
        return text(root);
    }

    private Map<String, Object> properties(Class<? extends Record> type) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Key key : Key.of(type)) {
            Map<String, Object> schema = object("description", key.doc());
            if (!key.defaultText().isEmpty() && key.shape() instanceof Shape.Simple) {
                schema.put("default", defaultOf(key));
            }
            schema.putAll(value(key.shape()));
            properties.put(key.name(), schema);
        }
        return properties;
    }

    private static List<String> required(Class<? extends Record> type) {
        return Key.of(type).stream().filter(Key::isRequired).map(Key::name).toList();
    }

    private static Map<String, Object> block(Map<String, Object> properties, List<String> required) {
        Map<String, Object> block = object("type", "object", "additionalProperties", false, "properties", properties);
        if (!required.isEmpty()) {
            block.put("required", required);
        }
        return block;
    }

    private Map<String, Object> block(Class<? extends Record> type) {
        return block(properties(type), required(type));
    }

    private static Object defaultOf(Key key) {
        return switch (key.shape()) {
            case Shape.Whole whole -> Long.valueOf(key.defaultText());
            case Shape.Decimal decimal -> Double.valueOf(key.defaultText());
            case Shape.Flag flag -> Boolean.valueOf(key.defaultText());
            default -> key.defaultText();
        };
    }

    private Map<String, Object> value(Shape shape) {
        return switch (shape) {
            case Shape.Text text -> object("type", List.of("string", "number", "boolean"));
            case Shape.Hidden secret -> object("type", "string");
            case Shape.Whole whole -> orVariable(object("type", "integer"));
            case Shape.Decimal decimal -> orVariable(object("type", "number"));
            case Shape.Flag flag -> orVariable(object("type", "boolean"));
            case Shape.Time time -> orVariable(object("type", "string", "pattern", "^" + TimeSpan.PATTERN + "$"));
            case Shape.Choice choice -> orVariable(object("enum", Wording.words(choice.type())));
            case Shape.Parsed parsed -> object("type", "string");
            case Shape.ListOf list -> object("type", "array", "items", value(list.item()));
            case Shape.MapOf map -> object("type", "object", "additionalProperties", value(map.value()));
            case Shape.Block block -> block(block);
            case Shape.Component component -> component(component, Map.of());
            case Shape.FilteredSink entry -> {
                Map<String, Object> filter = object("description", SinkEntry.DOC);
                filter.putAll(value(entry.filter()));
                yield component(entry.sink(), Map.of(SinkEntry.FILTER, filter));
            }
            case Shape.OneSource source -> oneSource();
            case Shape.AsInPipeline any -> object();
        };
    }

    private static Map<String, Object> orVariable(Map<String, Object> schema) {
        return object("anyOf", List.of(schema, VARIABLE));
    }

    private Map<String, Object> block(Shape.Block block) {
        List<Object> ways = new ArrayList<>();
        if (block.parse() != null) {
            ways.add(object("type", "string"));
        }
        for (Class<? extends Record> variant : block.variants()) {
            ways.add(block(variant));
        }
        return ways.size() == 1 ? block(block.variants().getFirst()) : object("anyOf", ways);
    }

    /** Each type is an alternative; its settings are a definition, so that editors show them once. */
    private Map<String, Object> component(Shape.Component component, Map<String, Object> more) {
        List<ComponentType<?, ?>> types = components.ofKind(component.kind());
        if (types.isEmpty()) {
            return object("not", Map.of());
        }
        List<Object> ways = new ArrayList<>();
        if (!component.hasConfigBlock()) {
            ways.add(object("enum", components.names(component.kind())));
        }
        for (ComponentType<?, ?> type : types) {
            ways.add(component.hasConfigBlock() ? withConfig(component, type, more) : beside(type));
        }
        return object("anyOf", ways);
    }

    private Map<String, Object> oneSource() {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (ComponentType<?, ?> type : components.ofKind(Source.class)) {
            Map<String, Object> source = object("description", type.doc());
            source.putAll(block(properties(type.config()), withoutId(required(type.config()))));
            properties.put(type.name(), source);
        }
        Map<String, Object> one = block(properties, List.of());
        one.put("minProperties", 1L);
        one.put("maxProperties", 1L);
        return one;
    }

    private static List<String> withoutId(List<String> required) {
        return required.stream().filter(key -> !key.equals("id")).toList();
    }

    /** @param more properties beside type and config */
    private Map<String, Object> withConfig(
            Shape.Component component, ComponentType<?, ?> type, Map<String, Object> more) {
        String definition = component.noun() + "-" + type.name();
        if (!definitions.containsKey(definition)) {
            definitions.put(definition, Map.of()); // holds the place, should the settings refer to themselves
            definitions.put(definition, component.kind() == Sink.class ? sink(type.config()) : block(type.config()));
        }
        Map<String, Object> properties =
                object("type", object("const", type.name()), "config", object("$ref", "#/definitions/" + definition));
        properties.putAll(more);
        return object(
                "type",
                "object",
                "description",
                type.doc(),
                "additionalProperties",
                false,
                "properties",
                properties,
                "required",
                List.of("type", "config"));
    }

    /** With what the engine reads among the sink's settings. */
    private Map<String, Object> sink(Class<? extends Record> config) {
        Map<String, Object> properties = properties(config);
        properties.putAll(properties(SinkPolicy.class));
        return block(properties, required(config));
    }

    private Map<String, Object> beside(ComponentType<?, ?> type) {
        Map<String, Object> properties = object("type", object("const", type.name()));
        properties.putAll(properties(type.config()));
        List<String> required = new ArrayList<>(List.of("type"));
        required.addAll(required(type.config()));
        Map<String, Object> block = object("description", type.doc());
        block.putAll(block(properties, required));
        return block;
    }

    private static Map<String, Object> object(Object... keysAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return object;
    }

    private static String text(Map<String, Object> root) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            write(root, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter cannot fail
        }
        return text.toString();
    }

    private static void write(Object value, JsonGenerator json) throws IOException {
        switch (value) {
            case Map<?, ?> map -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    json.writeFieldName((String) entry.getKey());
                    write(entry.getValue(), json);
                }
                json.writeEndObject();
            }
            case List<?> list -> {
                json.writeStartArray();
                for (Object item : list) {
                    write(item, json);
                }
                json.writeEndArray();
            }
            case Boolean bool -> json.writeBoolean(bool);
            case Long number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            default -> json.writeString(value.toString());
        }
    }
}
