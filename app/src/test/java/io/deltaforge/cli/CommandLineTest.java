package io.deltaforge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {
    private static final String PIPELINE = """
            apiVersion: deltaforge/v1
            kind: Pipeline
            metadata: {name: orders}
            spec:
              source:
                type: postgres
                config:
                  id: orders-db
                  dsn: postgres://shop:pa55word@localhost/shop
                  slot: orders
                  publication: orders
                  tables: [public.orders]
              sinks:
                - type: kafka
                  config:
                    id: orders-kafka
                    brokers: localhost:9092
                    topic: shop.${source.table}
            """;

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void validateSaysOkWithASummary() throws IOException {
        Path file = Files.writeString(directory.resolve("orders.yaml"), PIPELINE);

        int exitCode = execute("validate", file.toString());

        assertThat(out).hasToString(file + ": ok, pipeline orders: orders-db → orders-kafka\n");
        assertThat(err).hasToString("");
        assertThat(exitCode).isEqualTo(0);
    }

    @Test
    void validateExplainsWhatTheProducerWillRunWith() throws IOException {
        Path file = Files.writeString(directory.resolve("orders.yaml"), PIPELINE + """
                    exactly_once: true
                    client_conf:
                      message.timeout.ms: 5000
                      security.protocol: sasl_ssl
                      sasl.mechanism: PLAIN
                      sasl.username: shop
                      sasl.password: hush7hush
                      queue.buffering.max.messages: 100000
            """);

        int exitCode = execute("validate", "--explain", file.toString());

        assertThat(out.toString().lines())
                .startsWith(
                        file + ": ok, pipeline orders: orders-db → orders-kafka",
                        "",
                        "sink orders-kafka, settings of its Kafka producer:")
                .anyMatch(line -> line.matches(" +SETTING +VALUE +FROM"))
                .anyMatch(line -> line.matches(" +acks +all +default of DeltaForge"))
                .anyMatch(line -> line.matches(" +bootstrap.servers +localhost:9092 +brokers"))
                .anyMatch(line -> line.matches(" +delivery.timeout.ms +5000 +client_conf message.timeout.ms"))
                .anyMatch(
                        line -> line.matches(" +request.timeout.ms +4995 +derived: message.timeout.ms \\(5000 ms\\).*"))
                .anyMatch(
                        line -> line.matches(" +sasl.jaas.config +\\*\\*\\* +derived: sasl.username and sasl.password"))
                .anyMatch(line ->
                        line.matches(" +transactional.id +deltaforge-orders-orders-kafka +derived: exactly_once.*"))
                .anyMatch(line -> line.matches(" +buffer.memory +33554432 +default of Kafka"))
                .anyMatch(line -> line.startsWith("  warning: client_conf queue.buffering.max.messages has no effect"));
        assertThat(out.toString()).doesNotContain("hush7hush");
        assertThat(exitCode).isEqualTo(0);
    }

    @Test
    void validatePrintsEveryProblemAndNoSecret() throws IOException {
        Path file = Files.writeString(
                directory.resolve("orders.yaml"),
                PIPELINE.replace("brokers", "brokres").replace("slot: orders", "slot: Orders"));

        int exitCode = execute("validate", file.toString());

        assertThat(err.toString().lines())
                .containsExactly(
                        file
                                + ":10 spec.source.config.slot: PostgreSQL allows a-z, 0-9 and _ in a slot's name, and"
                                + " at most 63 of them; 'Orders' is not such a name",
                        file + ":17 spec.sinks[0].config.brokres: unknown key (did you mean brokers?)",
                        "2 problems");
        assertThat(exitCode).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"validate", "validate --no-such-option", "valdate", "--api-addr", "run", "sandbox --rate 0"})
    void aUsageMistakeIsShortAndExitsWithTwo(String arguments) {
        int exitCode = execute(arguments.split(" "));

        assertThat(err.toString().lines()).hasSizeBetween(1, 3);
        assertThat(err.toString()).contains("deltaforge: ").doesNotContain("\tat ");
        assertThat(out).hasToString("");
        assertThat(exitCode).isEqualTo(2);
    }

    @Test
    void withoutArgumentsTheHelpIsShown() {
        assertThat(execute()).isEqualTo(0);

        assertThat(out.toString()).contains("Usage: deltaforge", "run", "validate", "Exit codes:", "Examples:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "validate", "convert", "sandbox", "schema", "completion", "version"})
    void everyCommandHasHelp(String command) {
        assertThat(execute(command, "--help")).isEqualTo(0);

        assertThat(out.toString())
                .startsWith("Usage: deltaforge " + command)
                .doesNotContain("null"); // what picocli makes of a ${…} that is not its own
    }

    @Test
    void theHelpPromisesNoSecondReadingOfWhatCannotBeReadAgain() {
        assertThat(execute("run", "--help")).isEqualTo(0);

        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains("read again at the next start, where the source can (not standard input and syslog)");
    }

    @Test
    void versionNamesDeltaForgeAndJava() {
        assertThat(execute("version")).isEqualTo(0);

        assertThat(out.toString().lines().toList().getFirst()).startsWith("deltaforge ");
        assertThat(out.toString()).contains("Java " + Runtime.version());
    }

    @Test
    void completionIsAShellScriptThatKnowsTheCommands() {
        assertThat(execute("completion")).isEqualTo(0);

        assertThat(out.toString()).startsWith("#!/usr/bin/env bash").contains("validate", "--help");
    }

    @Test
    void convertPrintsThePipelineFileThatAFileOfTheLogCaptureDialectIs() throws IOException {
        Path file = Files.writeString(directory.resolve("edge.yaml"), """
                sources: {logs: {include: [/var/log/edge.log]}}
                sinks:
                  kafka:
                    enabled: true
                    brokers: ["${EDGE_BROKERS}"]
                    topic: edge
                    auth: {mechanism: PLAIN, username: edge, password: "${EDGE_PASSWORD}"}
                """);

        int exitCode = execute("convert", file.toString());

        assertThat(out.toString())
                .startsWith("apiVersion: deltaforge/v1\nkind: Pipeline\nmetadata:\n  name: edge\n")
                .contains("brokers: ${EDGE_BROKERS}\n", "sasl.password: ${EDGE_PASSWORD}\n");
        assertThat(err).hasToString("");
        assertThat(exitCode).isEqualTo(0);
    }

    @Test
    void convertSaysWhatIsWrongWhereItStands() throws IOException {
        Path file = Files.writeString(directory.resolve("edge.yaml"), "sources: {stdin: }\nsinks: {kafak: {}}\n");

        int exitCode = execute("convert", file.toString());

        assertThat(out).hasToString("");
        assertThat(err).hasToString(file + ":2 sinks.kafak: unknown key (did you mean kafka?)\n1 problem\n");
        assertThat(exitCode).isEqualTo(2);
    }

    @Test
    void schemaDescribesTheShippedComponents() {
        assertThat(execute("schema")).isEqualTo(0);

        assertThat(out.toString())
                .contains("\"sink-kafka\"", "\"source-postgres\"", "\"start_position\"", "\"queue_warning_threshold\"");
    }

    @Test
    void theTrainingRunOfTheLauncherEndsByItself() {
        assertThat(execute("train")).isEqualTo(0);
    }

    private int execute(String... arguments) {
        CommandLine program = Main.commandLine();
        program.setOut(new PrintWriter(out, true));
        program.setErr(new PrintWriter(err, true));
        return program.execute(arguments);
    }
}
