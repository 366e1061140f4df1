package io.deltaforge.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was probably meant: Damerau and Levenshtein's distance, with neighbours swapped counting as one. */
public final class EditDistance {
    private EditDistance() {}

    /** The nearest of the known words, when it is near enough to be worth naming. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        String asWritten = plain(word);
        return known.stream()
                .filter(candidate -> between(asWritten, plain(candidate)) <= Math.max(1, candidate.length() / 3))
                .min(Comparator.comparingInt(candidate -> between(asWritten, plain(candidate))));
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    static int between(String a, String b) {
        int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                int edited = 1 + Math.min(distance[i - 1][j], distance[i][j - 1]);
                distance[i][j] = Math.min(edited, distance[i - 1][j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    distance[i][j] = Math.min(distance[i][j], distance[i - 2][j - 2] + 1);
                }
            }
        }
        return distance[a.length()][b.length()];
    }
}
