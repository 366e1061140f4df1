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
import java.util.stream.Stream;
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
    private final Path directory;
    private final BrokerClasses classes;
    private final List<String> jvmOptions;
    private boolean writesArchive;
    private @Nullable ServerProcess process;

    /** @param port of its listener PLAINTEXT */
    KafkaBroker(int id, int port, Path directory, BrokerClasses classes, List<String> jvmOptions) {
        this.id = id;
        this.port = port;
        this.directory = directory;
        this.classes = classes;
        this.jvmOptions = jvmOptions;
    }

    int id() {
        return id;
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** Writes the broker's settings, and formats its log directories, one of its own unless {@code log.dirs} names others. */
    void prepare(Map<String, String> settings, String clusterId) {
        String logDirs =
                settings.getOrDefault("log.dirs", directory.resolve("data").toString());
        List<Path> data = Stream.of(logDirs.split(",")).map(Path::of).toList();
        Properties properties = new Properties();
        properties.putAll(settings);
        properties.setProperty("node.id", Integer.toString(id));
        properties.setProperty("log.dirs", logDirs);
        try {
            Files.createDirectories(directory);
            for (Path logDir : data) {
                Files.createDirectories(logDir);
            }
            try (InputStream logback = KafkaBroker.class.getResourceAsStream(LOGBACK)) {
                Files.copy(
                        Objects.requireNonNull(logback, LOGBACK),
                        directory.resolve(LOGBACK),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            try (Writer writer = Files.newBufferedWriter(directory.resolve("server.properties"))) {
                properties.store(writer, null);
            }
            if (!Files.exists(data.getFirst().resolve("meta.properties"))) {
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
        command.addAll(jvmOptions);
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

    private void format(List<Path> data, String clusterId) throws IOException {
        Formatter formatter = new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .setNodeId(id)
                .setClusterId(clusterId)
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(data.getFirst().toString());
        data.forEach(logDir -> formatter.addDirectory(logDir.toString()));
        try {
            formatter.run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot format " + data, e);
        }
    }
}
