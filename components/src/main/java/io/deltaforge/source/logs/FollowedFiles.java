package io.deltaforge.source.logs;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files that are there, by what the operating system knows them by and by their paths. Confined to the source thread. */
final class FollowedFiles {
    private final Map<Object, FollowedFile> byKey = new HashMap<>();
    private final Map<Path, FollowedFile> byPath = new HashMap<>();

    /** A view. */
    Collection<FollowedFile> all() {
        return Collections.unmodifiableCollection(byKey.values());
    }

    /** @param key as {@link java.nio.file.attribute.BasicFileAttributes#fileKey} */
    @Nullable
    FollowedFile of(Object key) {
        return byKey.get(key);
    }

    /** What was at this path, or at what a link leads to, when it was last looked at. */
    @Nullable
    FollowedFile at(Path path) {
        return byPath.get(path);
    }

    void add(FollowedFile file) {
        byKey.put(file.key, file);
        if (file.target != null) {
            byPath.put(file.target, file);
        }
    }

    /** It stands at this path now. */
    void place(FollowedFile file, Path path) {
        if (!file.path.equals(path)) {
            byPath.remove(file.path, file);
            file.path = path;
        }
        byPath.put(path, file);
    }

    void remove(FollowedFile file) {
        byKey.remove(file.key, file);
        byPath.remove(file.path, file);
        if (file.target != null) {
            byPath.remove(file.target, file);
        }
    }

    /** What is left to read in all of them. */
    long unreadBytes() {
        return byKey.values().stream().mapToLong(FollowedFile::unreadBytes).sum();
    }
}
