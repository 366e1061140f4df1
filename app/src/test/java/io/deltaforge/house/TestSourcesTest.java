package io.deltaforge.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A test never sleeps and never mocks (STYLE.md, rules 11 and 16). Read as text, so that every module is seen. */
final class TestSourcesTest {
    private static final Pattern FORBIDDEN =
            Pattern.compile("Thread\\.sleep\\(|TimeUnit\\.[A-Z]+\\.sleep\\(|org\\.mockito|easymock");

    @Test
    void ourTestsNeitherSleepNorMock() throws IOException {
        assertThat(offences(Repository.root())).isEmpty();
    }

    @Test
    void aSleepAndAMockAreSeen(@TempDir Path root) throws IOException {
        Path tests = Files.createDirectories(root.resolve("core/src/test/java"));
        Files.writeString(tests.resolve("Planted.java"), "class Planted {\n  { Thread." + "sleep(1); }\n}\n");
        Files.writeString(tests.resolve("Mocked.java"), "import org." + "mockito.Mockito;\n");

        assertThat(offences(root)).containsExactlyInAnyOrder("Planted.java:2", "Mocked.java:1");
    }

    private static List<String> offences(Path root) throws IOException {
        List<String> offences = new ArrayList<>();
        for (Path source : Repository.files(root, ".java")) {
            if (!source.toString().contains("/src/test/") || source.endsWith("TestSourcesTest.java")) {
                continue;
            }
            List<String> lines = Files.readAllLines(source);
            for (int i = 0; i < lines.size(); i++) {
                if (FORBIDDEN.matcher(lines.get(i)).find()) {
                    offences.add(source.getFileName() + ":" + (i + 1));
                }
            }
        }
        return offences;
    }
}
