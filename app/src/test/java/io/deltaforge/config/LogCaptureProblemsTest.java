package io.deltaforge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes in files of the log-capture dialect are told where they stand in that file, in its own words. */
class LogCaptureProblemsTest {
    private static final String FILE = """
            sources:
              logs: {include: ["/var/log/*.log"]}
            sinks:
              kafka:
                enabled: true
                brokers: [kafka:9092]
                topic: logs
                batch_timeout: 5s
                auth: {enabled: true, mechanism: PLAIN, username: me, password: hush7hush}
            """;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # written                  | instead                              | the whole list of problems
            brokers: [kafka:9092]      | brokres: [kafka:9092]                | :6 sinks.kafka.brokres: unknown key (did you mean brokers?)
            brokers: [kafka:9092]      | brokers: kafka:9092                  | :6 sinks.kafka.brokers: expected a list, found "kafka:9092" (write it as a list: [a, b])
            brokers: [kafka:9092]      | brokers: []                          | :6 sinks.kafka.brokers: brokers must name at least one host:port, and none may be empty
            topic: logs                | topic: '"l.${label.a}"'              | :7 sinks.kafka.topic: ${label.a} is a template, and this setting is the same for every event (write $${label.a} for the text itself)
            topic: logs                | topics: logs                         | :7 sinks.kafka.topics: unknown key (did you mean topic?)
            batch_timeout: 5s          | batch_timeout: 5                     | :8 sinks.kafka.batch_timeout: expected a duration such as 100ms, 5s or 1m, found "5"
            batch_timeout: 5s          | compression: lzma                    | :8 sinks.kafka.compression: expected one of none, gzip, snappy, lz4, zstd, found "lzma"
            batch_timeout: 5s          | required_acks: 2                     | :8 sinks.kafka.required_acks: required_acks must be 0, 1 or -1 (all)
            batch_timeout: 5s          | partitioning: {}                     | :8 sinks.kafka.partitioning.key_field: key_field must name the field that is hashed, e.g. key_field: tenant_id
            batch_timeout: 5s          | partitioning: {strategy: roundrobin} | :8 sinks.kafka.partitioning.strategy: expected one of hash, round-robin, random, found "roundrobin" (did you mean round-robin?)
            batch_timeout: 5s          | dlq_config: {send_on_eror: true}     | :8 sinks.kafka.dlq_config.send_on_eror: unknown key (did you mean send_on_error?)
            batch_timeout: 5s          | tls: {cert_file: a.crt}              | :8 sinks.kafka.tls.key_file: key_file must be given: the key of cert_file
            mechanism: PLAIN           | mechanism: SCRAM-SHA256              | :9 sinks.kafka.auth.mechanism: expected one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, found "SCRAM-SHA256" (did you mean SCRAM-SHA-256?)
            enabled: true, mechanism   | enabled: nope, mechanism             | :9 sinks.kafka.auth.enabled: expected true or false, found "nope"
            'username: me, '           | ''                                   | :9 sinks.kafka.auth.username: username must be given, or auth turned off with enabled: false
            enabled: true\\n            | enabled: false\\n                     | :4 sinks.kafka: kafka is off, and so no sink is left: write enabled: true among its settings
            enabled: true\\n            | #\\n                                  | :4 sinks.kafka: kafka is off, and so no sink is left: write enabled: true among its settings
            sinks:                     | sink:                                | :3 sink: unknown key (did you mean sinks?)
            sources:                   | sorces:                              | :1 sorces: unknown key (did you mean sources?)
            '  logs: {include'         | '  http: {}\\n  logs: {include'       | :1 sources: one source a file, found http, logs (give each a file of its own)
            '  logs: {include'         | '  type: logs\\n  config: {include'    | :2 sources.type: a source has no type and no config here, as it has in a pipeline file (write logs: and its settings below that)
            'logs: {include: ["/var/log/*.log"]}' | 'type: stdin'             | :2 sources.type: a source has no type and no config here, as it has in a pipeline file (write stdin: and its settings below that)
            """)
    void areToldWithLineAndKeyAndWhatToWrite(String written, String instead, String problem) throws IOException {
        String yaml = FILE.replace(newLines(written), newLines(instead));

        assertThat(yaml).isNotEqualTo(FILE);
        assertThat(problems(yaml)).containsExactly(problem);
    }

    private static String newLines(String text) {
        return text.replace("\\n", "\n");
    }

    @Test
    void aFileWithoutASourceSaysWhatToWrite() throws IOException {
        String yaml = FILE.substring(FILE.indexOf("sinks:"));

        assertThat(problems(yaml))
                .containsExactly(
                        ":1 sources: required, but missing (say where the lines come from, e.g. sources: {logs:"
                                + " {include: [\"/var/log/*.log\"]}})");
    }

    @Test
    void aBlockOfThePageByItselfSaysWhereItBelongs() throws IOException {
        String yaml = FILE + "tls: {enabled: true}\nkafka: {batch_size: 5}\n";

        assertThat(problems(yaml))
                .containsExactly(
                        ":10 tls: unknown key here (it belongs below sinks.kafka)",
                        ":11 kafka: unknown key here (it belongs below sinks)");
    }

    @Test
    void whatIsFoundInThePipelineFileIsToldAtItsOrigin() throws IOException {
        String yaml = FILE.replace("  logs: {", "  lgos: {");

        List<String> problems = shown(files().load(List.of(written(yaml))).problems());

        assertThat(problems).contains(":2 sources.lgos: unknown source \"lgos\" (known: postgres)");
        assertThat(problems).noneMatch(problem -> problem.contains("spec."));
    }

    @Test
    void aSecretIsInNoProblem() throws IOException {
        String yaml = FILE.replace("enabled: true, mechanism", "enabled: \"hush7hush\", mechanism");

        assertThat(problems(yaml)).singleElement().asString().doesNotContain("hush7hush");
    }

    private List<String> problems(String yaml) throws IOException {
        return shown(files().convert(written(yaml)).problems());
    }

    private static PipelineFiles files() {
        return new PipelineFiles(Orders.COMPONENTS, Map.of());
    }

    private Path written(String yaml) throws IOException {
        return Files.writeString(directory.resolve("logs.yaml"), yaml);
    }

    private List<String> shown(List<Problem> problems) {
        String file = directory.resolve("logs.yaml").toString();
        return problems.stream()
                .map(problem -> problem.toString().substring(file.length()))
                .toList();
    }
}
