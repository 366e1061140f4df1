package io.deltaforge.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code deltaforge run} as its users run it, a process of its own. */
final class Run implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final Path log;
    private final int api;
    private final int metrics;

    private Run(Process process, Path log, int api, int metrics) {
        this.process = process;
        this.log = log;
        this.api = api;
        this.metrics = metrics;
    }

    /** @param directory of its data and its log */
    static Run start(Path pipelineFile, Path directory) throws IOException {
        int api = freePort();
        int metrics = freePort();
        Path log = directory.resolve("deltaforge.log");
        Process process = new ProcessBuilder(
                        launcher(),
                        "run",
                        pipelineFile.toString(),
                        "--data-dir",
                        directory.resolve("data").toString(),
                        "--api-addr",
                        "127.0.0.1:" + api,
                        "--metrics-addr",
                        "127.0.0.1:" + metrics)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new Run(process, log, api, metrics);
    }

    /** The launcher that started us says where it is: what is measured starts as it does for users. */
    private static String launcher() throws IOException {
        String launcher = System.getenv("DELTAFORGE_LAUNCHER");
        if (launcher == null) {
            throw new IOException("benchmarks are started by the launcher: ./deltaforge bench …");
        }
        return launcher;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    Path logFile() {
        return log;
    }

    /** What it logged above INFO. */
    List<String> warnings() throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                .toList();
    }

    boolean isUp() {
        return get("http://127.0.0.1:" + api + "/health").contains("\"up\"");
    }

    /** The sum over all labels; 0 while it is not up. */
    long metric(String name) {
        return (long) figure(name);
    }

    /** As {@link #metric}, with its fraction. */
    double figure(String name) {
        return sum(name, "");
    }

    /** As {@link #metric}, of one sink. */
    long metric(String name, String sink) {
        return (long) sum(name, "sink=\"" + sink + "\"");
    }

    private double sum(String name, String label) {
        return get("http://127.0.0.1:" + metrics + "/metrics")
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> line.contains(label))
                .mapToDouble(Run::value)
                .sum();
    }

    /** The upper bound of the histogram's bucket in which the quantile lies. */
    double quantile(String name, double q) {
        List<String> buckets = get("http://127.0.0.1:" + metrics + "/metrics")
                .lines()
                .filter(line -> line.startsWith(name + "_bucket{"))
                .toList();
        double all = figure(name + "_count");
        for (String bucket : buckets) {
            String bound = bucket.replaceAll(".*le=\"([^\"]*)\".*", "$1");
            if (value(bucket) >= q * all && !bound.equals("+Inf")) {
                return Double.parseDouble(bound);
            }
        }
        return Double.NaN;
    }

    private static double value(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }

    private static String get(String url) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return ""; // not up yet
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
