package io.deltaforge.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code deltaforge run} in a JVM of its own, which can be killed. */
final class DeltaForge implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Pattern CHECKPOINT = Pattern.compile("\"checkpoint\":\"([^\"]*)\"");

    private final Process process;
    private final Path log;
    private final int apiPort;
    private final int metricsPort;

    private DeltaForge(Process process, Path log, int apiPort, int metricsPort) {
        this.process = process;
        this.log = log;
        this.apiPort = apiPort;
        this.metricsPort = metricsPort;
        LogsOfFailures.started(log);
    }

    /**
     * @param directory of the data and the log; kept over runs, so that a second run goes on where the first was killed
     * @param jvmOptions e.g. a heap limit
     */
    static DeltaForge run(Path pipelineFile, Path directory, String... jvmOptions) {
        return run(pipelineFile, directory, Map.of(), jvmOptions);
    }

    static DeltaForge run(Path pipelineFile, Path directory, Map<String, String> environment, String... jvmOptions) {
        return run(List.of(pipelineFile), directory, environment, jvmOptions);
    }

    /** Several pipelines in one process. */
    static DeltaForge run(
            List<Path> pipelineFiles, Path directory, Map<String, String> environment, String... jvmOptions) {
        int api = freePort();
        int metrics = freePort();
        List<String> arguments = new ArrayList<>(List.of("run"));
        pipelineFiles.forEach(file -> arguments.add(file.toString()));
        arguments.addAll(List.of(
                "--data-dir",
                directory.resolve("data").toString(),
                "--api-addr",
                "127.0.0.1:" + api,
                "--metrics-addr",
                "127.0.0.1:" + metrics));
        return start(directory, api, metrics, environment, jvmOptions, arguments.toArray(String[]::new));
    }

    /** What another command of the program printed. */
    record Printed(int exitCode, String output) {}

    /** Runs it to its end, with the data directory of the runs in {@code directory}. */
    static Printed command(Path directory, String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data-dir", directory.resolve("data").toString()));
        return commandWithoutData(all.toArray(String[]::new));
    }

    /** Runs a command that has no data directory to its end. */
    static Printed commandWithoutData(String... arguments) throws IOException, InterruptedException {
        List<String> command = java(List.of("-XX:TieredStopAtLevel=1", "-Xmx128m", StartUp.ARCHIVE), arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Printed(process.waitFor(), output);
    }

    private static List<String> java(List<String> jvmOptions, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xlog:disable")); // it has words about archives
        command.addAll(jvmOptions);
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of("-cp", jars(), "io.deltaforge.cli.Main"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The class path without the tests themselves, which the program does not have either. */
    private static String jars() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The classes of a start, loaded and linked once, as the launcher keeps them too: these tests start it often. */
    private static final class StartUp {
        static final String ARCHIVE = "-XX:SharedArchiveFile=" + written();

        private static Path written() {
            try {
                Path directory = Files.createTempDirectory("deltaforge-e2e");
                Path archive = directory.resolve("start-up.jsa");
                new ProcessBuilder(java(List.of("-XX:ArchiveClassesAtExit=" + archive), "train"))
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("log").toFile())
                        .start()
                        .waitFor();
                assertThat(archive).exists();
                Stream.of(directory, directory.resolve("log"), archive)
                        .forEach(path -> path.toFile().deleteOnExit());
                return archive;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static DeltaForge start(
            Path directory,
            int api,
            int metrics,
            Map<String, String> environment,
            String[] jvmOptions,
            String... arguments) {
        List<String> options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-Xmx160m", StartUp.ARCHIVE));
        options.addAll(List.of(jvmOptions));
        List<String> command = java(options, arguments);
        Path log = directory.resolve("deltaforge.log");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            return new DeltaForge(builder.start(), log, api, metrics);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is written here is the program's standard input. */
    OutputStream standardInput() {
        return process.getOutputStream();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL: nothing gets to run any more. */
    void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    int awaitExit() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("still running after a minute:\n" + log());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Everything that this run and those before it in the same directory printed. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Until so many events were delivered. Each look is a scrape, which a program that just started has little time for. */
    void awaitDelivered(long events) {
        await("delivery of " + events + " events")
                .atMost(Duration.ofMinutes(2))
                .failFast(() -> assertThat(isAlive()).as(this::log).isTrue())
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> metric("deltaforge_sink_events_total") >= events);
    }

    /** Until the pipeline's checkpoint has moved so often. */
    void awaitCheckpoints(String pipeline, int moves) {
        Set<String> checkpoints = new HashSet<>();
        await("checkpoint " + moves)
                .atMost(Duration.ofMinutes(2))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    checkpoints.add(checkpoint(pipeline));
                    return checkpoints.size() > moves;
                });
    }

    /** The sum over all labels of a metric; 0 while the endpoint is not up. */
    double metric(String name) {
        return get("http://127.0.0.1:" + metricsPort + "/metrics")
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** How many series a metric has: one for each combination of its labels. */
    int seriesOf(String name) {
        return (int) get("http://127.0.0.1:" + metricsPort + "/metrics")
                .lines()
                .filter(line -> line.startsWith(name + "{"))
                .count();
    }

    /** Waits until a pipeline's state is what it is to be, and {@code GET /pipelines/NAME} shows a text. */
    void awaitState(String pipeline, String state, String text) {
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(api("/pipelines/" + pipeline))
                        .contains("\"state\":\"" + state + "\"")
                        .contains(text));
    }

    String health() {
        return api("/health");
    }

    /** The body of a GET; empty while the API is not up. */
    String api(String path) {
        return get("http://127.0.0.1:" + apiPort + path);
    }

    /** The durable position of the pipeline's first sink; empty while there is none. */
    String checkpoint(String pipeline) {
        Matcher checkpoint = CHECKPOINT.matcher(get("http://127.0.0.1:" + apiPort + "/pipelines/" + pipeline));
        return checkpoint.find() ? checkpoint.group(1) : "";
    }

    private static String get(String url) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit();
    }
}
