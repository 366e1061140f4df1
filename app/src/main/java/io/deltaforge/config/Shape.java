package io.deltaforge.config;

import io.deltaforge.spi.Dlq;
import io.deltaforge.spi.Encoding;
import io.deltaforge.spi.Envelope;
import io.deltaforge.spi.EventFilter;
import io.deltaforge.spi.Secret;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.Source;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a setting accepts, read from its Java type: one model for the binder, the JSON Schema and the reference page. */
sealed interface Shape {

    /** What is written as one text. */
    sealed interface Simple extends Shape {}

    record Text() implements Simple {}

    record Hidden() implements Simple {}

    /** @param isLong whether the Java type is {@code long} and not {@code int} */
    record Whole(boolean isLong) implements Simple {
        long min() {
            return isLong ? Long.MIN_VALUE : Integer.MIN_VALUE;
        }

        long max() {
            return isLong ? Long.MAX_VALUE : Integer.MAX_VALUE;
        }
    }

    record Decimal() implements Simple {}

    record Flag() implements Simple {}

    record Time() implements Simple {}

    record Choice(Class<?> type) implements Simple {}

    record ListOf(Shape item) implements Shape {}

    record MapOf(Shape value) implements Shape {}

    /** A text that {@code parse} understands. */
    record Parsed(Class<?> type, Method parse) implements Simple {}

    /**
     * A block of settings: the record of {@code variants} that its keys fit; or a text, when there is a {@code parse}.
     */
    record Block(Class<?> type, @Nullable Method parse, List<Class<? extends Record>> variants) implements Shape {}

    /** A component chosen by its {@code type}. */
    record Component(Class<?> kind) implements Shape {
        /** True where the settings stand under {@code config}, false where they stand beside {@code type}. */
        boolean hasConfigBlock() {
            return kind != Envelope.class && kind != Encoding.class && kind != Dlq.class;
        }

        /** How messages and pages call it. */
        String noun() {
            return kind.getSimpleName().toLowerCase(Locale.ROOT);
        }
    }

    /** A sink with what it is given: {@code filter} stands beside its type and config. */
    record FilteredSink() implements Shape {
        Component sink() {
            return new Component(Sink.class);
        }

        Shape filter() {
            return Shape.of(EventFilter.class);
        }
    }

    /** The source of a file in the log-capture dialect: a block whose only key is its type. */
    record OneSource() implements Shape {}

    /** Anything: it is checked where it stands in the pipeline file that comes of the dialect's. */
    record AsInPipeline() implements Shape {}

    Set<Class<?>> COMPONENT_KINDS =
            Set.of(Source.class, Processor.class, Sink.class, Envelope.class, Encoding.class, Dlq.class);

    /** @throws IllegalArgumentException for a type that no setting can have: a mistake of the component's author */
    static Shape of(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                return new ListOf(of(arguments[0]));
            }
            if (generic.getRawType() == Map.class && arguments[0] == String.class) {
                return new MapOf(of(arguments[1]));
            }
            if (generic.getRawType() == Optional.class) {
                return of(arguments[0]);
            }
        }
        if (type instanceof Class<?> plain) {
            return ofClass(plain);
        }
        throw new IllegalArgumentException("no setting can have the type " + type.getTypeName());
    }

    private static Shape ofClass(Class<?> type) {
        if (type == String.class) {
            return new Text();
        } else if (type == Secret.class) {
            return new Hidden();
        } else if (type == int.class || type == Integer.class) {
            return new Whole(false);
        } else if (type == long.class || type == Long.class) {
            return new Whole(true);
        } else if (type == double.class || type == Double.class) {
            return new Decimal();
        } else if (type == boolean.class || type == Boolean.class) {
            return new Flag();
        } else if (type == Duration.class) {
            return new Time();
        } else if (type.isEnum()) {
            return new Choice(type);
        } else if (COMPONENT_KINDS.contains(type)) {
            return new Component(type);
        }
        if (type == SinkEntry.class) {
            return new FilteredSink();
        } else if (type == LogCaptureFile.SourceByType.class) {
            return new OneSource();
        } else if (type == LogCaptureFile.AsInPipeline.class) {
            return new AsInPipeline();
        }
        Method parse = parseMethod(type);
        List<Class<? extends Record>> variants = variants(type);
        if (!variants.isEmpty()) {
            return new Block(type, parse, variants);
        }
        if (parse != null) {
            return new Parsed(type, parse);
        }
        throw new IllegalArgumentException("no setting can have the type " + type.getTypeName());
    }

    private static @Nullable Method parseMethod(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals("parse")
                        && Modifier.isStatic(method.getModifiers())
                        && Arrays.equals(method.getParameterTypes(), new Class<?>[] {String.class}))
                .findFirst()
                .orElse(null);
    }

    /** The records with settings among the type and what it permits. */
    private static List<Class<? extends Record>> variants(Class<?> type) {
        if (type.isRecord()) {
            Class<? extends Record> record = type.asSubclass(Record.class);
            return Key.hasKeys(record) ? List.of(record) : List.of();
        }
        List<Class<? extends Record>> variants = new ArrayList<>();
        if (type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                variants.addAll(variants(permitted));
            }
        }
        return variants;
    }
}
