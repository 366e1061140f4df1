package io.deltaforge.config;

import io.deltaforge.spi.Setting;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One key of a block, read from a component of a config record.
 *
 * @param defaultText YAML; empty when there is none
 * @param wrapped whether the record wants an {@link Optional}
 * @param nullable whether the record wants {@code null} for what is left out
 */
record Key(String name, Shape shape, String doc, String defaultText, boolean wrapped, boolean nullable) {

    boolean isRequired() {
        return defaultText.isEmpty() && !wrapped && !nullable;
    }

    static List<Key> of(Class<? extends Record> config) {
        return Arrays.stream(config.getRecordComponents()).map(Key::of).toList();
    }

    static boolean hasKeys(Class<? extends Record> config) {
        return config.getRecordComponents().length > 0
                && Arrays.stream(config.getRecordComponents())
                        .allMatch(component -> component.isAnnotationPresent(Setting.class));
    }

    private static Key of(RecordComponent component) {
        Setting setting = component.getAnnotation(Setting.class);
        if (setting == null) {
            throw new IllegalStateException(component + " of " + component.getDeclaringRecord() + " has no @Setting");
        }
        return new Key(
                setting.key().isEmpty() ? snakeCase(component.getName()) : setting.key(),
                Shape.of(component.getGenericType()),
                setting.doc(),
                setting.value(),
                component.getType() == Optional.class,
                component.getAnnotatedType().isAnnotationPresent(Nullable.class));
    }

    static String snakeCase(String camelCase) {
        return camelCase.replaceAll("(?<=[a-z0-9])([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
