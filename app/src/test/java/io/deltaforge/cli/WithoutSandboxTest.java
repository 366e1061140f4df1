package io.deltaforge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher gives {@code run} a class path without the sandbox's jars. */
class WithoutSandboxTest {
    @TempDir
    Path directory;

    @Test
    void runWorks() throws Exception {
        Path file = Files.writeString(directory.resolve("orders.yaml"), """
                apiVersion: deltaforge/v1
                kind: Pipeline
                metadata: {name: orders}
                spec:
                  source:
                    type: postgres
                    config:
                      id: orders-db
                      dsn: postgres://nobody:nothing@127.0.0.1:1/nowhere
                      slot: orders
                      publication: orders
                      tables: [public.orders]
                  sinks:
                    - type: kafka
                      config: {id: orders-kafka, brokers: "127.0.0.1:1", topic: orders}
                """);

        try (ChildProgram program = ChildProgram.startWithoutSandbox(
                directory,
                "run",
                file.toString(),
                "--data-dir",
                directory.resolve("data").toString(),
                "--api-addr",
                "127.0.0.1:0",
                "--metrics-addr",
                "127.0.0.1:0")) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> program.errors.stream().anyMatch(line -> line.contains("API on http://")));
            program.terminate();

            assertThat(program.awaitExit()).isZero();
            assertThat(program.errors).noneMatch(line -> line.contains("NoClassDefFoundError"));
        }
    }

    @Test
    void thereIsNoCommandSandbox() throws Exception {
        try (ChildProgram program = ChildProgram.startWithoutSandbox(directory, "sandbox")) {
            assertThat(program.awaitExit()).isEqualTo(ExitCode.CONFIG);
            assertThat(program.errors).first().asString().contains("Unmatched argument");
        }
    }
}
