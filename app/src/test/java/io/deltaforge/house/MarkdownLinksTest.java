package io.deltaforge.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every link inside the repository leads somewhere: to a file, and to a heading of it if it names one. */
final class MarkdownLinksTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```|`[^`\n]*`");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*)$");

    @Test
    void ourLinksLeadSomewhere() throws IOException {
        assertThat(brokenLinks(Repository.root())).isEmpty();
    }

    @Test
    void brokenLinksAreSeen(@TempDir Path root) throws IOException {
        Files.writeString(root.resolve("there.md"), "# What *is* here, and why\n");
        Files.writeString(root.resolve("from.md"), """
                [a](there.md) [b](there.md#what-is-here-and-why) [c](https://example.org/x) `[d](code.md)`
                [e](gone.md) [f](there.md#gone) [g](#nowhere)
                """);

        assertThat(brokenLinks(root))
                .containsExactly("from.md: gone.md", "from.md: there.md#gone", "from.md: #nowhere");
    }

    @Test
    void everyPageCanBeReachedFromTheReadme() throws IOException {
        Path root = Repository.root();
        Set<Path> reached = new HashSet<>();
        Deque<Path> pages = new ArrayDeque<>(List.of(root.resolve("README.md")));
        while (!pages.isEmpty()) {
            Path page = pages.pop();
            if (reached.add(page)) {
                Matcher link = linksIn(page);
                while (link.find()) {
                    if (link.group(1).endsWith(".md") && !link.group(1).contains(":")) {
                        pages.push(page.resolveSibling(link.group(1)).normalize());
                    }
                }
            }
        }

        assertThat(reached).containsAll(Repository.files(root.resolve("docs"), ".md"));
    }

    private static Matcher linksIn(Path page) throws IOException {
        return LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll(""));
    }

    private static List<String> brokenLinks(Path root) throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : Repository.files(root, ".md")) {
            if (page.toString().contains("/src/")) {
                continue; // what a page is made of; the page itself is checked where it is published
            }
            Matcher link = linksIn(page);
            while (link.find()) {
                if (!leadsSomewhere(page, link.group(1), link.group(2))) {
                    broken.add(root.relativize(page) + ": " + link.group(1)
                            + (link.group(2) == null ? "" : "#" + link.group(2)));
                }
            }
        }
        return broken;
    }

    private static boolean leadsSomewhere(Path page, String file, String heading) throws IOException {
        if (file.contains(":")) {
            return true; // the web's links are the web's business
        }
        Path target = file.isEmpty() ? page : page.resolveSibling(file);
        return Files.exists(target) && (heading == null || headings(target).contains(heading));
    }

    /** The anchors of a page's headings, as the usual renderers make them. */
    private static List<String> headings(Path page) throws IOException {
        List<String> anchors = new ArrayList<>();
        Matcher heading = HEADING.matcher(Files.readString(page));
        while (heading.find()) {
            anchors.add(heading.group(1)
                    .strip()
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-'));
        }
        return anchors;
    }
}
