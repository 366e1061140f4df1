package io.deltaforge.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} in the middle of writing. */
class JournalCrashTest {
    private static final int KILLS = 5;
    private static final int BATCHES = 20;

    @TempDir
    Path directory;

    @Test
    void whatWasAddedSurvivesTheKillAndNothingIsHalfThere() throws Exception {
        Path file = directory.resolve("journal.db");
        int next = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            int acknowledged = addUntilKilled(file, next, BATCHES);
            assertThat(acknowledged).as("batches before the kill").isGreaterThanOrEqualTo(next + 2 * BATCHES - 1);

            int there = entries(file);

            assertThat(there).as("whole batches").isEven();
            // a batch may have got in without having been told
            assertThat(there).isBetween(acknowledged + 1, acknowledged + 3);
            next = there;
        }
    }

    /** Returns the number that was printed last. */
    private static int addUntilKilled(Path file, int first, int atLeast) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AddingProgram.class.getName(),
                        file.toString(),
                        Integer.toString(first))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int last = first - 1;
        int lines = atLeast;
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (!line.matches("[0-9]+")) {
                    continue; // the log
                }
                last = Integer.parseInt(line);
                if (--lines == 0) {
                    process.toHandle().destroyForcibly(); // the process itself would close its output
                }
            }
        }
        process.waitFor();
        return last;
    }

    private static int entries(Path file) {
        try (Journal journal = new Journal(file)) {
            List<StoredLetter> letters = new JournalDesk(journal)
                    .list(new JournalDesk.Query("shop", null, null, List.of(), Integer.MAX_VALUE));
            for (int i = 0; i < letters.size(); i++) {
                assertThat(letters.get(i).letter().origin().eventId()).isEqualTo("0/" + i + ":0");
            }
            return letters.size();
        }
    }
}
