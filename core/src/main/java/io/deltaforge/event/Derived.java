package io.deltaforge.event;

import java.util.IdentityHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is derived from an object that many events share, such as a {@link Table} or a {@link LogStream}: computed once for
 * each. Confined to one thread.
 *
 * <p>Runs of events that share the same, which is what transactions and files are made of, cost one comparison.
 */
public final class Derived<K, T> {
    /** Shapes come and go with partitions and migrations; a program that runs for a year must not keep them all. */
    private static final int MAX_ENTRIES = 10_000;

    private final Function<K, T> derive;
    private final IdentityHashMap<K, T> derived = new IdentityHashMap<>();
    private @Nullable K lastKey;
    private @Nullable T last;

    public Derived(Function<K, T> derive) {
        this.derive = derive;
    }

    @SuppressWarnings("ReferenceEquality") // to tell two keys apart that are equal costs less than to compare them
    public T of(K key) {
        T known = last;
        if (key == lastKey && known != null) {
            return known;
        }
        T value = derived.get(key);
        if (value == null) {
            if (derived.size() >= MAX_ENTRIES) {
                derived.clear();
            }
            value = derive.apply(key);
            derived.put(key, value);
        }
        lastKey = key;
        last = value;
        return value;
    }
}
