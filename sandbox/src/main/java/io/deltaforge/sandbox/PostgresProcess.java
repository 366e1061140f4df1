package io.deltaforge.sandbox;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server of our own on one data directory and one port. Confined to its PostgresServer's lock. */
final class PostgresProcess implements AutoCloseable {
    static final String USER = "postgres";
    static final String PASSWORD = "postgres";

    private static final Duration START_WITHIN = Duration.ofSeconds(60);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(60);

    private final SandboxDirectory directory;
    private final UnprivilegedUser user = UnprivilegedUser.find();
    private final Path bin;
    private final Map<String, String> settings;
    private final int port;
    private @Nullable ServerProcess process;

    PostgresProcess(PostgresOptions options) {
        directory = SandboxDirectory.of(options.directory(), "postgres");
        try {
            bin = PostgresBinaries.unpacked(user.cache()).resolve("bin");
            port = Ports.remembered(directory.path().resolve("ports"), 1).getFirst();
            settings = settings(options, port);
            if (!Files.exists(data().resolve("PG_VERSION"))) {
                initialise();
            }
            start();
        } catch (IOException e) {
            close();
            throw new UncheckedIOException("cannot prepare a PostgreSQL server", e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Starts on the data and the port of before, and waits until the server takes connections. */
    void start() {
        if (isRunning()) {
            throw new IllegalStateException("PostgreSQL is running already");
        }
        List<String> command = new ArrayList<>();
        command.add(bin.resolve("postgres").toString());
        command.addAll(List.of("-D", data().toString()));
        settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        process = ServerProcess.start(
                "postgres",
                directory.path(),
                user.prefix(),
                command,
                Map.of("LC_ALL", "C"),
                directory.isTemporary() ? "QUIT" : "INT");
        awaitReady(process);
    }

    /** A fast shutdown: connections are cut, a checkpoint is written. */
    void stop() {
        running().stop("INT", STOP_WITHIN);
        process = null;
    }

    /** An immediate shutdown, which leaves the data as a crash would. */
    void kill() {
        running().stop("QUIT", STOP_WITHIN);
        process = null;
    }

    long pid() {
        return running().pid();
    }

    @Override
    public void close() {
        if (process != null) {
            process.stop(directory.isTemporary() ? "QUIT" : "INT", STOP_WITHIN);
            process = null;
        }
        directory.close();
    }

    private Path data() {
        return directory.path().resolve("data");
    }

    private ServerProcess running() {
        if (process == null) {
            throw new IllegalStateException("PostgreSQL is not running");
        }
        return process;
    }

    private void initialise() throws IOException {
        Path passwordFile = directory.path().resolve("password");
        Files.writeString(passwordFile, PASSWORD + "\n");
        user.own(directory.path());
        List<String> command = new ArrayList<>(user.prefix());
        command.addAll(List.of(bin.resolve("initdb").toString(), "-D", data().toString(), "-U", USER));
        command.addAll(List.of("--pwfile", passwordFile.toString(), "--auth", "scram-sha-256"));
        command.addAll(List.of("--encoding", "UTF8", "--no-locale", "--no-sync", "--no-instructions"));
        File output = directory.path().resolve("initdb.log").toFile();
        int status;
        try {
            status = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while initdb ran", e);
        }
        if (status != 0) {
            throw new IOException("initdb ended with " + status + ":\n" + Files.readString(output.toPath()));
        }
    }

    private void awaitReady(ServerProcess server) {
        Deadline deadline = Deadline.in(START_WITHIN);
        while (!Ports.accepts(port) || !takesConnections()) {
            if (!server.isAlive()) {
                process = null;
                throw new IllegalStateException("PostgreSQL ended while it started:\n" + server.logTail());
            }
            if (!deadline.pause()) {
                throw new IllegalStateException(
                        "PostgreSQL was not ready within " + START_WITHIN + ":\n" + server.logTail());
            }
        }
    }

    private boolean takesConnections() {
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?loginTimeout=5";
        try (Connection connection = DriverManager.getConnection(url, USER, PASSWORD)) {
            return connection.isValid(5);
        } catch (SQLException e) {
            return false; // "the database system is starting up"; what else there is, the server's log says
        }
    }

    private static Map<String, String> settings(PostgresOptions options, int port) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("port", Integer.toString(port));
        settings.put("listen_addresses", "127.0.0.1");
        settings.put("unix_socket_directories", "");
        settings.put("wal_level", "logical");
        settings.put("max_wal_senders", "20");
        settings.put("max_replication_slots", "20");
        settings.put("timezone", "UTC");
        settings.put("log_timezone", "UTC");
        settings.putAll(options.settings());
        return settings;
    }
}
