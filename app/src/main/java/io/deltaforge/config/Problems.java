package io.deltaforge.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What was found wrong in one file. Values named by {@link #hide} are blotted out of every message. */
final class Problems {
    /** Shorter ones would blot out half of every message, and are no secrets anyway. */
    private static final int SHORTEST_SECRET = 4;

    private final String file;
    private final Set<Problem> found = new LinkedHashSet<>();
    private final Set<String> hidden = new LinkedHashSet<>();

    Problems(String file) {
        this.file = file;
    }

    void add(Place place, String path, String message) {
        add(place, path, message, null);
    }

    void add(Place place, String path, String message, @Nullable String suggestion) {
        found.add(new Problem(file, place.line(), place.column(), path, message, suggestion));
    }

    /** Adds what was found in what was made of this file, with the paths that things have in the file itself. */
    void addAll(Problems others, UnaryOperator<String> path) {
        for (Problem other : others.list()) {
            found.add(new Problem(
                    file, other.line(), other.column(), path.apply(other.path()), other.message(), other.suggestion()));
        }
    }

    /** Invariant 4: whoever writes a message, this value is not seen in it. */
    void hide(String secret) {
        if (secret.length() >= SHORTEST_SECRET) {
            hidden.add(secret);
        }
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** In the order of the file. */
    List<Problem> list() {
        List<Problem> problems = new ArrayList<>();
        for (Problem problem : found) {
            problems.add(new Problem(
                    problem.file(),
                    problem.line(),
                    problem.column(),
                    problem.path(),
                    blotted(problem.message()),
                    problem.suggestion() == null ? null : blotted(problem.suggestion())));
        }
        problems.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
        return List.copyOf(problems);
    }

    private String blotted(String text) {
        String clean = text;
        for (String secret : hidden) {
            clean = clean.replace(secret, "***");
        }
        return clean;
    }
}
