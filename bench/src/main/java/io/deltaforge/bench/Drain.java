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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One run of DeltaForge as a user runs it, a process of its own, until it has delivered a number of events. */
final class Drain {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration GIVE_UP = Duration.ofMinutes(15);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Drain() {}

    /**
     * What a drain cost.
     *
     * @param wall from the start of the process until the last acknowledgement
     * @param draining from the first acknowledgement until the last
     * @param drained the events acknowledged in {@code draining}
     * @param allocatedBytes by the whole process, as far as its collector has seen; 0 when it never ran
     * @param warnings what it logged above INFO: a figure beside which something failed means little
     */
    record Result(
            Duration wall,
            Duration draining,
            long drained,
            Measured cost,
            long allocatedBytes,
            List<String> warnings) {}

    /** @param launcher the command that runs DeltaForge, e.g. {@code ./deltaforge} */
    static Result run(List<String> launcher, Path pipelineFile, Path directory, long events) throws IOException {
        int api = freePort();
        int metrics = freePort();
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of(
                "run",
                pipelineFile.toString(),
                "--data-dir",
                directory.resolve("data").toString()));
        command.addAll(List.of("--api-addr", "127.0.0.1:" + api, "--metrics-addr", "127.0.0.1:" + metrics));
        Path log = directory.resolve("deltaforge.log");
        long startNanos = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            long firstNanos = 0;
            long firstCount = 0;
            while (true) {
                if (!process.isAlive() || System.nanoTime() - startNanos > GIVE_UP.toNanos()) {
                    throw new IOException("the run ended early; its log:\n" + Files.readString(log));
                }
                Metrics now = Metrics.scrape(metrics);
                long nowNanos = System.nanoTime();
                if (firstCount == 0 && now.delivered() > 0) {
                    firstCount = now.delivered();
                    firstNanos = nowNanos;
                }
                if (now.delivered() >= events) {
                    return new Result(
                            Duration.ofNanos(nowNanos - startNanos),
                            Duration.ofNanos(nowNanos - firstNanos),
                            now.delivered() - firstCount,
                            Measured.of(process.pid()),
                            now.allocatedBytes(),
                            warnings(log));
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
        } finally {
            stop(process);
        }
    }

    private static List<String> warnings(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                .toList();
    }

    private static void stop(Process process) {
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

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** The figures of a running instance that a drain looks at. */
    private record Metrics(long delivered, long allocatedBytes) {
        static Metrics scrape(int port) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            try {
                String page =
                        HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
                return new Metrics(
                        sum(page, "deltaforge_sink_events_total"), sum(page, "jvm_gc_memory_allocated_bytes_total"));
            } catch (IOException e) {
                return new Metrics(0, 0); // not up yet
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Metrics(0, 0);
            }
        }

        private static long sum(String page, String metric) {
            return (long) page.lines()
                    .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }
}
