package io.deltaforge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NothingLeftBehindIT {
    @TempDir
    Path temporary;

    @Test
    void aJvmThatEndsInGoodOrderLeavesNothing() throws Exception {
        Process program = launch();
        List<ProcessHandle> servers = servers(program);

        program.getOutputStream().close();

        assertThat(program.waitFor()).isZero();
        assertThat(servers).noneMatch(ProcessHandle::isAlive);
        assertThat(directories()).isEmpty();
    }

    @Test
    void aKilledJvmLeavesNoProcessAndTheNextOneClearsItsDirectories() throws Exception {
        Process program = launch();
        List<ProcessHandle> servers = servers(program);

        program.destroyForcibly().waitFor();

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(servers).noneMatch(ProcessHandle::isAlive));
        assertThat(directories()).hasSize(2);

        age(directories());
        Process next = launch();
        servers(next);
        assertThat(directories()).hasSize(2).noneMatch(path -> isOf(program, path));
        next.getOutputStream().close();
        assertThat(next.waitFor()).isZero();
        assertThat(directories()).isEmpty();
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SandboxProgram.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Waits until the program's servers run; every process below it: shells, postmaster, backends, broker. */
    private static List<ProcessHandle> servers(Process program) throws IOException {
        BufferedReader output = new BufferedReader(new InputStreamReader(program.getInputStream(), UTF_8));
        String line = output.readLine();
        assertThat(line).startsWith("running ");
        List<ProcessHandle> below = program.descendants().toList();
        for (String pid : line.substring("running ".length()).split(" ")) {
            assertThat(below).contains(ProcessHandle.of(Long.parseLong(pid)).orElseThrow());
        }
        return below;
    }

    private List<Path> directories() throws IOException {
        try (Stream<Path> entries = Files.list(temporary)) {
            return entries.filter(path -> path.getFileName().toString().startsWith("deltaforge-sandbox-"))
                    .toList();
        }
    }

    private static boolean isOf(Process program, Path directory) {
        return directory.getFileName().toString().contains("-" + program.pid() + "-");
    }

    private static void age(List<Path> directories) throws IOException {
        for (Path directory : directories) {
            Files.setLastModifiedTime(
                    directory.resolve("owner.lock"), FileTime.from(Instant.now().minusSeconds(3_600)));
        }
    }
}
