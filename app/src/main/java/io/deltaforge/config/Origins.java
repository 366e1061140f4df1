package io.deltaforge.config;

import java.util.Map;
import java.util.TreeMap;

/** Where each part of a tree came from, by paths such as {@code spec.batch.max_events}. Confined to one thread. */
final class Origins {
    private final Map<String, Origin> origins = new TreeMap<>();

    /** @param isCopied whether what lies below the path has the same names in both trees */
    private record Origin(String path, boolean isCopied) {}

    /** What stands at the path, and nothing below it that has a name of its own. */
    void put(String path, String origin) {
        origins.put(path, new Origin(origin, false));
    }

    /** What stands at the path with all below it was taken over as it is. */
    void putCopied(String path, String origin) {
        origins.put(path, new Origin(origin, true));
    }

    /** Where something came from; what has no origin of its own came with what holds it. */
    String of(String path) {
        for (int end = path.length(); end > 0; end--) {
            boolean isWhole = end == path.length() || path.charAt(end) == '.' || path.charAt(end) == '[';
            Origin origin = isWhole ? origins.get(path.substring(0, end)) : null;
            if (origin != null) {
                return origin.isCopied ? origin.path + path.substring(end) : origin.path;
            }
        }
        return "";
    }
}
