package io.deltaforge.source.logs;

import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Patterns for absolute paths: {@code *} and {@code ?} within a name, {@code **} for any number of directories, also none,
 * <code>{a,b}</code> and {@code [abc]}. Immutable.
 */
final class Globs {
    private static final String META = "*?[{";
    private static final int MOST_PARTS = 60;
    private static final FileSystem FILES = FileSystems.getDefault();

    private final List<Glob> globs;

    /**
     * One pattern, a part for each name of a path.
     *
     * @param base the directory below which all its paths lie
     * @param parts behind the base
     */
    record Glob(Path base, List<Part> parts) {
        /** True when the path below the base, from its given name on, matches the parts from {@code part} on. */
        private boolean matches(Path below, int name, int part) {
            if (part == parts.size()) {
                return name == below.getNameCount();
            }
            if (parts.get(part).isAnyDirectories()) {
                for (int i = name; i <= below.getNameCount(); i++) {
                    if (matches(below, i, part + 1)) {
                        return true;
                    }
                }
                return false;
            }
            return name < below.getNameCount()
                    && parts.get(part).matches(below.getName(name))
                    && matches(below, name + 1, part + 1);
        }

        /** The parts, a bit for each, with those behind a {@code **}, which stands for no directory too. */
        long withNext(long mask) {
            long all = mask;
            for (int i = 0; i < parts.size(); i++) {
                if (((all >> i) & 1) != 0 && parts.get(i).isAnyDirectories()) {
                    all |= 1L << (i + 1);
                }
            }
            return all;
        }

        /** True when a file of this name matches, where the names before it have led to these parts. */
        boolean endsWith(Path name, long mask) {
            int last = parts.size() - 1;
            return ((mask >> last) & 1) != 0 && parts.get(last).matches(name);
        }

        /** To which parts a directory of this name leads on; 0 for none. */
        long below(Path name, long mask) {
            long next = 0;
            for (int i = 0; i < parts.size() - 1; i++) {
                if (((mask >> i) & 1) != 0 && parts.get(i).matches(name)) {
                    next |= 1L << (parts.get(i).isAnyDirectories() ? i : i + 1);
                }
            }
            return withNext(next);
        }

        /** True when it is one path. */
        boolean isLiteral() {
            return parts.size() == 1 && parts.getFirst().literal();
        }

        boolean matches(Path path) {
            return path.startsWith(base)
                    && path.getNameCount() > base.getNameCount()
                    && matches(base.relativize(path), 0, 0);
        }
    }

    /** @param matcher of a name; {@code null} for {@code **} */
    record Part(@Nullable PathMatcher matcher, boolean literal) {
        boolean isAnyDirectories() {
            return matcher == null;
        }

        boolean matches(Path name) {
            return matcher == null || matcher.matches(name);
        }
    }

    private Globs(List<Glob> globs) {
        this.globs = globs;
    }

    /** @throws IllegalArgumentException says which is no pattern and why */
    static Globs parse(String setting, List<String> patterns) {
        List<Glob> globs = new ArrayList<>();
        for (String pattern : patterns) {
            globs.add(parse(setting, pattern));
        }
        return new Globs(List.copyOf(globs));
    }

    private static Glob parse(String setting, String pattern) {
        if (pattern.isBlank() || pattern.endsWith("/")) {
            throw new IllegalArgumentException(setting + ": \"" + pattern
                    + "\" names a directory; say which files of it, e.g. " + (pattern.isBlank() ? "/var/log/" : pattern)
                    + "*.log, or with its subdirectories " + (pattern.isBlank() ? "/var/log/" : pattern) + "**/*.log");
        }
        String absolute = pattern;
        if (!pattern.startsWith("/")) {
            // what is excluded by a name is meant wherever it lies
            absolute = (setting.equals("exclude") ? "/**" : FILES.getPath("").toAbsolutePath()) + "/" + pattern;
        }
        List<String> names = new ArrayList<>();
        for (String name : absolute.split("/+")) {
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        Path base = FILES.getPath("/");
        int next = 0;
        while (next < names.size() - 1 && isLiteral(names.get(next))) {
            base = base.resolve(names.get(next++));
        }
        List<Part> parts = new ArrayList<>();
        for (String name : names.subList(next, names.size())) {
            parts.add(part(setting, pattern, name));
        }
        if (parts.size() > MOST_PARTS) {
            throw new IllegalArgumentException(
                    setting + ": \"" + pattern + "\" has more than " + MOST_PARTS + " names");
        }
        if (parts.getLast().isAnyDirectories()) {
            parts.add(new Part(FILES.getPathMatcher("glob:*"), false));
        }
        return new Glob(base.normalize(), List.copyOf(parts));
    }

    private static Part part(String setting, String pattern, String name) {
        if (name.equals("**")) {
            return new Part(null, false);
        }
        try {
            return new Part(FILES.getPathMatcher("glob:" + name), isLiteral(name));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    setting + ": \"" + pattern + "\" is no pattern: " + e.getDescription() + " in \"" + name
                            + "\". A { and its } must stand between the same two slashes; put \\ before a character that"
                            + " means itself.",
                    e);
        }
    }

    private static boolean isLiteral(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (META.indexOf(name.charAt(i)) >= 0 || name.charAt(i) == '\\') {
                return false;
            }
        }
        return true;
    }

    List<Glob> all() {
        return globs;
    }

    boolean match(Path path) {
        for (Glob glob : globs) {
            if (glob.matches(path)) {
                return true;
            }
        }
        return false;
    }
}
