package io.deltaforge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.sandbox.Shop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxIT {
    private static final Pattern DELIVERED = Pattern.compile("delivered +([0-9,]+) of ([0-9,]+): .*");

    @TempDir
    Path temporary;

    @Test
    void itShowsEveryTableStopsByItselfAndLeavesNothing() throws Exception {
        try (ChildProgram sandbox = ChildProgram.start(temporary, "sandbox", "--seconds", "6", "--rate", "8")) {
            List<ProcessHandle> servers = awaitEventsOfEveryTable(sandbox);

            assertThat(sandbox.awaitExit())
                    .as(String.join("\n", sandbox.errors))
                    .isZero();

            assertAllDelivered(sandbox);
            assertThat(sandbox.errors).isEmpty();
            assertThat(sandbox.output)
                    .anyMatch(line -> line.startsWith("── ") && line.contains("events/s") && line.contains("lag "))
                    .noneMatch(line -> line.contains("\u001b"));
            assertNothingLeft(servers);
        }
    }

    @Test
    void controlCStopsItInGoodOrder() throws Exception {
        try (ChildProgram sandbox = ChildProgram.start(temporary, "sandbox", "--rate", "8")) {
            List<ProcessHandle> servers = awaitEventsOfEveryTable(sandbox);

            interrupt(sandbox);

            assertThat(sandbox.awaitExit())
                    .as(String.join("\n", sandbox.errors))
                    .isZero();
            assertAllDelivered(sandbox);
            assertNothingLeft(servers);
        }
    }

    @Test
    void aKeptShopGoesOn() throws Exception {
        Path kept = temporary.resolve("kept");
        trade(kept);
        Path pipeline = kept.resolve("shop.yaml");
        Files.writeString(pipeline, Files.readString(pipeline) + "  # mine\n");

        trade(kept);

        assertThat(pipeline).content().as("what its reader wrote").contains("# mine");
    }

    private void trade(Path kept) throws Exception {
        try (ChildProgram sandbox =
                ChildProgram.start(temporary, "sandbox", "--keep", kept.toString(), "--seconds", "2", "--rate", "20")) {
            assertThat(sandbox.awaitExit())
                    .as(String.join("\n", sandbox.errors))
                    .isZero();
            assertAllDelivered(sandbox);
        }
    }

    /** The processes below it while it runs: shells, PostgreSQL with its backends, a broker. */
    private static List<ProcessHandle> awaitEventsOfEveryTable(ChildProgram sandbox) {
        await().atMost(Duration.ofMinutes(2)).until(() -> !sandbox.isAlive() || showsEveryTable(sandbox));
        assertThat(showsEveryTable(sandbox))
                .as(String.join("\n", sandbox.errors))
                .isTrue();
        List<ProcessHandle> servers = sandbox.descendants();
        assertThat(servers).hasSizeGreaterThan(3);
        return servers;
    }

    private static boolean showsEveryTable(ChildProgram sandbox) {
        return Shop.TABLES.stream()
                .allMatch(table -> sandbox.output.stream()
                        .anyMatch(line -> line.matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} insert " + table + " .*")));
    }

    private static void assertAllDelivered(ChildProgram sandbox) {
        MatchResult counts = sandbox.output.stream()
                .map(DELIVERED::matcher)
                .filter(matcher -> matcher.matches())
                .map(matcher -> matcher.toMatchResult())
                .findFirst()
                .orElseThrow();
        assertThat(counts.group(1)).isEqualTo(counts.group(2)).isNotEqualTo("0");
    }

    private void assertNothingLeft(List<ProcessHandle> servers) throws IOException {
        assertThat(servers).noneMatch(ProcessHandle::isAlive);
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files.filter(Files::isDirectory)).isEmpty();
        }
    }

    private static void interrupt(ChildProgram sandbox) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-INT", Long.toString(sandbox.pid()))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(status).isZero();
    }
}
