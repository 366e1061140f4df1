package io.deltaforge.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/** One combined broker and controller in a JVM of its own. Confined to its cluster's lock. */
final class KafkaBroker {
    private static final String LOGBACK = "broker-logback.xml";
    private static final Duration START_WITHIN = Duration.ofSeconds(90);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);

    private final int id;
    private final int port;
    private final int heapMegabytes;
    private final Path directory;
    private final BrokerClasses classes;
    private boolean writesArchive;
    private @Nullable ServerProcess process;

    KafkaBroker(int id, int port, int heapMegabytes, Path directory, BrokerClasses classes) {
        this.id = id;
        this.port = port;
        this.heapMegabytes = heapMegabytes;
        this.directory = directory;
        this.classes = classes;
    }

    int id() {
        return id;
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** Writes the broker's settings, and formats its log directory unless it has been. */
    void prepare(Map<String, String> settings, String clusterId) {
        Path data = directory.resolve("data");
        Properties properties = new Properties();
        properties.putAll(settings);
        properties.setProperty("node.id", Integer.toString(id));
        properties.setProperty("log.dirs", data.toString());
        try {
            Files.createDirectories(data);
            try (InputStream logback = KafkaBroker.class.getResourceAsStream(LOGBACK)) {
                Files.copy(
                        Objects.requireNonNull(logback, LOGBACK),
                        directory.resolve(LOGBACK),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            try (Writer writer = Files.newBufferedWriter(directory.resolve("server.properties"))) {
                properties.store(writer, null);
            }
            if (!Files.exists(data.resolve("meta.properties"))) {
                format(data, clusterId);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare broker " + id, e);
        }
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Starts the JVM and returns at once. */
    void launch(boolean writesMissingArchive) {
        if (isRunning()) {
            throw new IllegalStateException("broker " + id + " is running already");
        }
        writesArchive = writesMissingArchive && classes.isMissing();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heapMegabytes + "m");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-Djava.awt.headless=true");
        command.add("-Dlog4j2.StatusLogger.level=OFF");
        command.add("-Dlogback.configurationFile=" + directory.resolve(LOGBACK));
        command.addAll(classes.options(directory, writesArchive));
        command.addAll(List.of("kafka.Kafka", "server.properties"));
        process = ServerProcess.start(
                "broker-" + id, directory, List.of(), command, Map.of("CLASSPATH", classes.path()), "KILL");
    }

    /** Waits until the broker answers on its own port as a member of the cluster. */
    void awaitReady() {
        Deadline deadline = Deadline.in(START_WITHIN);
        while (!Ports.accepts(port)) {
            pauseOrFail(deadline);
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address()))) {
            while (!isMember(admin, deadline)) {
                pauseOrFail(deadline);
            }
        }
    }

    void stop() {
        running().stop("TERM", STOP_WITHIN);
        process = null;
        if (writesArchive) {
            classes.keep(directory);
        }
    }

    /** True for a broker whose good end leaves a class archive for the brokers to come. */
    boolean writesArchive() {
        return writesArchive;
    }

    void kill() {
        running().stop("KILL", STOP_WITHIN);
        process = null;
    }

    long pid() {
        return running().pid();
    }

    private ServerProcess running() {
        if (process == null) {
            throw new IllegalStateException("broker " + id + " is not running");
        }
        return process;
    }

    private boolean isMember(Admin admin, Deadline deadline) {
        try {
            return admin.describeCluster().nodes().get(deadline.left().toMillis(), TimeUnit.MILLISECONDS).stream()
                    .anyMatch(node -> node.id() == id);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            return false; // pauseOrFail says what the broker itself had to say
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void pauseOrFail(Deadline deadline) {
        ServerProcess server = running();
        if (!server.isAlive()) {
            process = null;
            throw new IllegalStateException("broker " + id + " ended while it started:\n" + server.logTail());
        }
        if (!deadline.pause()) {
            throw new IllegalStateException(
                    "broker " + id + " was not ready within " + START_WITHIN + ":\n" + server.logTail());
        }
    }

    private void format(Path data, String clusterId) throws IOException {
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .setNodeId(id)
                    .setClusterId(clusterId)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(data.toString())
                    .addDirectory(data.toString())
                    .run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot format " + data, e);
        }
    }
}
