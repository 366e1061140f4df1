package io.deltaforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} as a process of its own, with a database and a broker that are away: signals, exit codes, conflicts. */
class RunProcessTest {
    private static final Pattern API = Pattern.compile("API on (http://127\\.0\\.0\\.1:(\\d+)), metrics on (\\S+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();
    private ServerSocket silentDatabase;

    @BeforeEach
    void takeAPort() throws IOException {
        silentDatabase = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void endAll() throws IOException {
        processes.forEach(Process::destroyForcibly);
        silentDatabase.close();
    }

    @Test
    void aSignalEndsItWithZeroAndAConflictIsOneLineAndOne() throws Exception {
        Path pipeline = pipeline(unreachablePort(), "");
        Process run = run("first", pipeline, "--data-dir", "data");
        Matcher started = awaitOutput("first", API);

        HttpResponse<String> health = await().atMost(PATIENCE)
                .until(() -> get(started.group(1) + "/health"), answer -> answer.statusCode() == 200);
        HttpResponse<String> metrics = get(started.group(3));
        Process sameData = run("same-data", pipeline, "--data-dir", "data");
        Process sameAddress =
                run("same-address", pipeline, "--data-dir", "other", "--api-addr", "127.0.0.1:" + started.group(2));

        assertThat(health.body())
                .startsWith("{\"status\":\"degraded\",\"pipelines\":{\"orders\":{\"state\":\"retrying\"");
        assertThat(metrics.body())
                .contains("deltaforge_sink_events_total{pipeline=\"orders\",sink=\"orders-kafka\"} 0.0");
        assertThat(exitCode(sameData)).isEqualTo(1);
        assertThat(output("same-data"))
                .isEqualTo("deltaforge: --data-dir data is in use by another DeltaForge (process " + run.pid()
                        + "): stop it, or give this one its own\n");
        assertThat(exitCode(sameAddress)).isEqualTo(1);
        assertThat(output("same-address"))
                .isEqualTo("deltaforge: cannot listen on 127.0.0.1:" + started.group(2)
                        + ": another program does already\n");
        run.destroy();
        assertThat(exitCode(run)).isEqualTo(0);
        assertThat(output("first")).contains("pipeline orders ended").doesNotContain("pa55word");
    }

    @Test
    void aSecondSignalEndsItAtOnce() throws Exception {
        Process run = run("silent", pipeline(silentDatabase.getLocalPort(), ""), "--shutdown-timeout", "10m");
        awaitOutput("silent", API);

        run.destroy();
        awaitOutput("silent", Pattern.compile("stopping; what was read is delivered within 600 s"));
        await().atMost(PATIENCE).until(() -> {
            run.destroy(); // again and again: one that comes with the first counts as the same
            return !run.isAlive();
        });

        assertThat(exitCode(run)).isEqualTo(143);
    }

    @Test
    void aFatalFailureEndsItWithOneAndSaysWhy() throws Exception {
        Path pipeline = pipeline(
                unreachablePort(), "        client_conf: {security.protocol: SSL, ssl.ca.location: /no/such/ca.pem}\n");

        Process run = run("fatal", pipeline, "--log-format", "json");

        assertThat(exitCode(run)).isEqualTo(1);
        List<JsonNode> lines = new ArrayList<>();
        for (String line : output("fatal").lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.path("time").asText()).endsWith("Z"));
        assertThat(lines).anySatisfy(line -> {
            assertThat(line.path("level").asText()).isEqualTo("ERROR");
            assertThat(line.path("message").asText())
                    .startsWith("pipeline orders stopped: ")
                    .contains("/no/such/ca.pem");
        });
    }

    @Test
    void aBrokenFileEndsItWithTwoBeforeAnythingStarts() throws Exception {
        Path pipeline = pipeline(unreachablePort(), "        requird: true\n");

        Process run = run("broken", pipeline);

        assertThat(exitCode(run)).isEqualTo(2);
        assertThat(output("broken"))
                .isEqualTo(pipeline
                        + ":20 spec.sinks[0].config.requird: unknown key (did you mean required?)\n1 problem\n");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void noKillLeavesAnotherFileBehind() throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("temporary"));
        Path pipeline = pipeline(unreachablePort(), "        client_conf: {compression.type: lz4}\n");

        for (String name : List.of("first", "second", "third")) {
            Process run = run(name, pipeline, "-Djava.io.tmpdir=" + temporary);
            awaitOutput(name, Pattern.compile("no broker of \\S+ answered"));
            run.destroyForcibly().waitFor();
        }

        assertThat(temporary).isEmptyDirectory();
        assertThat(directory.resolve("data").resolve("native"))
                .isDirectoryContaining("glob:**/sqlite-*.so")
                .satisfies(path -> assertThat(path.toFile().list()).hasSize(2)); // the library and its lock
    }

    private Path pipeline(int databasePort, String more) throws IOException {
        return Files.writeString(
                directory.resolve("orders.yaml"), """
                apiVersion: deltaforge/v1
                kind: Pipeline
                metadata: {name: orders}
                spec:
                  source:
                    type: postgres
                    config:
                      id: orders-db
                      dsn: postgres://shop:pa55word@127.0.0.1:%d/shop
                      slot: orders
                      publication: orders
                      tables: [public.orders]
                  sinks:
                    - type: kafka
                      config:
                        id: orders-kafka
                        brokers: 127.0.0.1:%d
                        topic: orders
                        send_timeout_secs: 2
                """.formatted(databasePort, unreachablePort()) + more);
    }

    /** A port on which nobody listens. */
    private static int unreachablePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /**
     * Standard error and standard output go to one file, named after the process.
     *
     * @param options of the command, and those that begin with -D, of the JVM
     */
    private Process run(String name, Path pipeline, String... options) throws IOException {
        List<String> ofTheJvm =
                Stream.of(options).filter(option -> option.startsWith("-D")).toList();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Dstderr.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(ofTheJvm);
        command.addAll(List.of(Main.class.getName(), "run", pipeline.toString(), "--metrics-addr", "127.0.0.1:0"));
        Stream.of(options).filter(option -> !ofTheJvm.contains(option)).forEach(command::add);
        if (!command.contains("--api-addr")) {
            command.addAll(List.of("--api-addr", "127.0.0.1:0"));
        }
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name).toFile())
                .start();
        processes.add(process);
        return process;
    }

    private String output(String name) throws IOException {
        return Files.readString(directory.resolve(name), UTF_8);
    }

    private Matcher awaitOutput(String name, Pattern pattern) {
        return await().atMost(PATIENCE).until(() -> pattern.matcher(output(name)), Matcher::find);
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static HttpResponse<String> get(String uri) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
