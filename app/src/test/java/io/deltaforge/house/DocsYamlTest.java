package io.deltaforge.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.deltaforge.BuiltIns;
import io.deltaforge.config.PipelineFiles;
import io.deltaforge.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The YAML that the pages show loads: whole files as they stand, parts of one with the rest of a small pipeline around them. */
final class DocsYamlTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\n(.*?)^```");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)}");
    private static final String AROUND = """
            apiVersion: deltaforge/v1
            kind: Pipeline
            metadata: {name: docs}
            spec:
              source: {type: logs, config: {id: files, include: ["/var/log/*.log"]}}
              sinks:
                - type: kafka
                  config: {id: kafka, brokers: "kafka:9092", topic: logs}
            """;
    private static final String TABLES = "{type: postgres, config: {id: shop, dsn: \"postgres://u:p@db/shop\", slot: s,"
            + " publication: p, tables: [\"public.%\"]}}";

    @TempDir
    Path directory;

    /** @param page and the number of the block in it */
    record Shown(String page, String yaml) {
        @Override
        public String toString() {
            return page;
        }
    }

    static Stream<Shown> blocks() throws IOException {
        Stream.Builder<Shown> blocks = Stream.builder();
        for (Path page : Repository.files(Repository.root(), ".md")) {
            Matcher block = BLOCK.matcher(Files.readString(page));
            for (int number = 1; block.find(); number++) {
                if (!block.group(1).contains("…")) {
                    blocks.add(new Shown(page.getFileName() + " " + number, block.group(1)));
                }
            }
        }
        return blocks.build();
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void whatIsShownLoads(Shown shown) throws IOException {
        Map<String, String> environment = new HashMap<>();
        VARIABLE.matcher(shown.yaml)
                .results()
                .map(found -> found.group(1))
                .forEach(name -> environment.put(name, name.endsWith("DSN") ? "postgres://u:p@db/shop" : "kafka:9092"));
        Path file = Files.writeString(directory.resolve("shown.yaml"), whole(shown.yaml));

        List<Problem> problems = new PipelineFiles(BuiltIns.shipped(), environment)
                .load(List.of(file))
                .problems();

        assertThat(problems).isEmpty();
    }

    private static String whole(String shown) throws IOException {
        JsonNode part = YAML.readTree(shown.stripIndent());
        if (part.has("apiVersion") || (part.has("sources") && part.has("sinks"))) {
            return shown;
        }
        ObjectNode around = (ObjectNode) YAML.readTree(AROUND);
        ObjectNode spec = (ObjectNode) around.get("spec");
        if (shown.contains("${source.")) {
            spec.set("source", YAML.readTree(TABLES));
        }
        if (part.isArray()) {
            spec.set("sinks", part);
        } else if (part.has("spec")) {
            spec.setAll((ObjectNode) part.get("spec"));
        } else if (part.has("source") || part.has("sinks")) {
            spec.setAll((ObjectNode) part);
        } else {
            ((ObjectNode) spec.at("/sinks/0/config")).setAll((ObjectNode) part);
        }
        if (!spec.has("dlq") && !spec.has("journal")) {
            spec.set("journal", YAML.readTree("{enabled: true}"));
        }
        return YAML.writeValueAsString(around);
    }
}
