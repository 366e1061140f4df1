package io.deltaforge.config;

import io.deltaforge.spi.ComponentType;
import java.util.List;
import java.util.Optional;

/** The component types that a pipeline file can name. */
public record Components(List<ComponentType<?, ?>> types) {

    public Components {
        types = List.copyOf(types);
        for (ComponentType<?, ?> type : types) {
            long same = types.stream()
                    .filter(other -> other.kind() == type.kind() && other.name().equals(type.name()))
                    .count();
            if (same > 1) {
                throw new IllegalArgumentException(
                        "two components are the " + type.kind().getSimpleName() + " `" + type.name() + "`");
            }
        }
    }

    Optional<ComponentType<?, ?>> find(Class<?> kind, String name) {
        return ofKind(kind).stream().filter(type -> type.name().equals(name)).findFirst();
    }

    List<String> names(Class<?> kind) {
        return ofKind(kind).stream().map(ComponentType::name).toList();
    }

    List<ComponentType<?, ?>> ofKind(Class<?> kind) {
        return types.stream().filter(type -> type.kind() == kind).toList();
    }
}
