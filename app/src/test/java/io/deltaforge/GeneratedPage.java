package io.deltaforge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of {@code docs/reference} that is made from the code. */
public final class GeneratedPage {
    /** Set to {@code true}, writes the page instead of comparing it. */
    private static final String WRITE = "deltaforge.docs.write";

    private GeneratedPage() {}

    public static void assertIs(String name, String content) throws IOException {
        Path page = Path.of("..", "docs", "reference", name);
        if (Boolean.getBoolean(WRITE)) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, content);
        }
        assertThat(page)
                .as("to write it anew: ./check --fix, or mvn -pl app -am test '-Dtest=*PageTest' -D%s=true", WRITE)
                .content()
                .isEqualTo(content);
    }
}
