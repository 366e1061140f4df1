package io.deltaforge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every config block of the page log-capture-kafka.md, put in its place, becomes the pipeline file in the folder
 * {@code canonical}. To write those anew: -Ddeltaforge.golden.write=true.
 */
class LogCaptureConversionTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "logcapture");

    @TempDir
    Path directory;

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void becomesThePipelineFile(Path file) throws IOException {
        PipelineFiles.Conversion conversion = converted(file, Map.of());

        assertThat(conversion.problems()).isEmpty();
        Path canonical = FOLDER.resolve("canonical").resolve(file.getFileName());
        if (Boolean.getBoolean("deltaforge.golden.write")) {
            Files.createDirectories(canonical.getParent());
            Files.writeString(canonical, String.valueOf(conversion.yaml()));
        }
        assertThat(canonical).content().isEqualTo(conversion.yaml());
    }

    @ParameterizedTest
    @MethodSource("files")
    void whatItBecomesIsLeftAsItIs(Path file) throws IOException {
        String canonical = Files.readString(FOLDER.resolve("canonical").resolve(file.getFileName()));

        PipelineFiles.Conversion again =
                converted(Files.writeString(directory.resolve("pipeline.yaml"), canonical), Map.of());

        assertThat(again.yaml()).isEqualTo(canonical);
        assertThat(again.notes()).singleElement().asString().contains("canonical form as it is");
    }

    @Test
    void whatIsCalculatedFromAVariableIsToldToBe() throws IOException {
        PipelineFiles.Conversion conversion = converted("batch_timeout: ${WAIT:-2s}");

        assertThat(conversion.yaml()).contains("max_ms: 2000\n");
        assertThat(conversion.notes())
                .containsExactly(
                        "sinks.kafka.batch_timeout: ${WAIT:-2s} was put in as it is now: spec.batch.max_ms is 2000");
    }

    @Test
    void aVariableThatDecidesMustBeSet() throws IOException {
        PipelineFiles.Conversion conversion = converted("tls: {enabled: \"${TLS}\", ca_file: \"${CA}\"}");

        assertThat(conversion.yaml()).isNull();
        assertThat(conversion.problems())
                .singleElement()
                .asString()
                .contains("sinks.kafka.tls.enabled: environment variable TLS is not set");
    }

    @Test
    void valuesThatYamlWouldReadOtherwiseAreQuoted() throws IOException {
        PipelineFiles.Conversion conversion = converted(
                "client_conf: {a: \"x: y\", b: \"\", c: \"~\", d: \"# no\", e: \"two\\nlines \\\"\", f: [1, {g: 2}], h: {}}");

        assertThat(conversion.yaml()).contains("""
                          a: "x: y"
                          b: ""
                          c: "~"
                          d: "# no"
                          e: "two\\nlines \\""
                          f:
                            - 1
                            - g: 2
                          h: {}
                """);
    }

    private PipelineFiles.Conversion converted(String setting) throws IOException {
        Path file = Files.writeString(directory.resolve("logs.yaml"), """
                sources: {stdin: }
                sinks:
                  kafka:
                    enabled: true
                    brokers: [kafka:9092]
                    topic: logs
                    %s
                """.formatted(setting));
        return converted(file, Map.of());
    }

    private static PipelineFiles.Conversion converted(Path file, Map<String, String> environment) {
        return new PipelineFiles(new Components(List.of()), environment).convert(file);
    }
}
