package io.deltaforge.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message that docs/troubleshooting.md shows is one that the program has. */
final class TroubleshootingTest {
    /** Shorter pieces would be found anywhere. */
    private static final int SHORTEST = 12;

    private static String sources;

    @BeforeAll
    static void readSources() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String module : List.of("core", "components", "app")) {
            for (Path file : Repository.files(Repository.root().resolve(module).resolve("src/main"), ".java")) {
                all.append(Files.readString(file));
            }
        }
        // texts that are broken over lines, in one piece
        sources = all.toString().replaceAll("\"\\s*\\+\\s*\"", "");
    }

    /** The parts of indented lines that are the same each time; what files are told is in LogCaptureProblemsTest. */
    static Stream<String> pieces() throws IOException {
        return Files.readAllLines(Repository.root().resolve("docs/troubleshooting.md")).stream()
                .filter(line -> line.startsWith("    ") && !line.contains("logs.yaml:"))
                .flatMap(line -> Stream.of(line.strip().split("\\s*…[ )]*")))
                .filter(piece -> piece.length() >= SHORTEST);
    }

    @ParameterizedTest
    @MethodSource("pieces")
    void isInTheProgram(String piece) {
        assertThat(sources).contains(piece);
    }
}
