package io.deltaforge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One server process under a small shell that ends it when this JVM ends, even by SIGKILL: the shell waits for the
 * end of its standard input, which only this JVM holds open. In a session of its own where {@code setsid} exists, so
 * that Ctrl-C reaches this JVM and not the servers. Safe for use by several threads.
 */
final class ServerProcess {
    private static final int LOG_TAIL_BYTES = 4_096;

    private final String name;
    private final Path log;
    private final Path pidFile;
    private final Process shell;
    private final OutputStream signals;

    private ServerProcess(String name, Path log, Path pidFile, Process shell) {
        this.name = name;
        this.log = log;
        this.pidFile = pidFile;
        this.shell = shell;
        this.signals = shell.getOutputStream();
    }

    /**
     * Starts {@code command} in {@code directory}, where its output goes to {@code <name>.log}.
     *
     * @param prefix what the supervising shell itself runs under, {@code unshare -U} for example
     * @param orphanSignal what the server gets when this JVM is gone
     */
    static ServerProcess start(
            String name,
            Path directory,
            List<String> prefix,
            List<String> command,
            Map<String, String> environment,
            String orphanSignal) {
        Path log = directory.resolve(name + ".log");
        Path pidFile = directory.resolve(name + ".pid");
        List<String> whole = new ArrayList<>();
        Executables.find("setsid").map(Path::toString).ifPresent(whole::add);
        whole.addAll(prefix);
        whole.addAll(List.of("sh", "-c", script(), "supervise", pidFile.toString(), orphanSignal));
        whole.addAll(command);
        try {
            Files.deleteIfExists(pidFile);
            ProcessBuilder builder = new ProcessBuilder(whole)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            return new ServerProcess(name, log, pidFile, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }

    boolean isAlive() {
        return shell.isAlive();
    }

    /** The server's own process id, not the shell's. */
    long pid() {
        try {
            return Long.parseLong(Files.readString(pidFile).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(name + " has no process id yet", e);
        }
    }

    /** Waits for the server's end, after {@code signal} and, when that takes longer than {@code patience}, SIGKILL. */
    void stop(String signal, Duration patience) {
        send(signal);
        if (!waitFor(patience)) {
            send("KILL");
            if (!waitFor(Duration.ofSeconds(30))) {
                throw new IllegalStateException(name + " does not end, not even by SIGKILL");
            }
        }
        try {
            signals.close();
        } catch (IOException e) {
            // The pipe's other end went with the shell: there was nothing left to flush.
        }
    }

    /** Sends a signal and does not wait; a server that has already ended is left alone. */
    void send(String signal) {
        try {
            signals.write((signal + "\n").getBytes(UTF_8));
            signals.flush();
        } catch (IOException e) {
            if (isAlive() && !waitFor(Duration.ofSeconds(1))) {
                throw new UncheckedIOException("cannot signal " + name, e);
            }
        }
    }

    /** The end of what the server has printed, for the message of an exception. */
    String logTail() {
        try {
            byte[] all = Files.readAllBytes(log);
            int from = Math.max(0, all.length - LOG_TAIL_BYTES);
            return new String(all, from, all.length - from, UTF_8).strip();
        } catch (IOException e) {
            return "(no output: " + e + ")";
        }
    }

    private boolean waitFor(Duration patience) {
        try {
            return shell.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            send("KILL");
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String script() {
        try (InputStream in = ServerProcess.class.getResourceAsStream("supervise.sh")) {
            if (in == null) {
                throw new IllegalStateException("supervise.sh is missing from the sandbox's jar");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
