package io.deltaforge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativePartsTest {
    private static final Path MOUNTS = Path.of("/proc/mounts");

    @TempDir
    Path directory;

    @Test
    void anOrdinaryDirectoryTakesThem() throws IOException {
        assertThat(NativeParts.allowsPrograms(directory)).isTrue();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aVolumeWithoutProgramsDoesNot() throws IOException {
        assumeTrue(Files.isReadable(MOUNTS), "Linux");
        Optional<Path> volume;
        try (Stream<String> mounts = Files.lines(MOUNTS)) {
            volume = mounts.map(line -> line.split(" "))
                    .filter(mount -> mount[2].equals("tmpfs") && mount[3].contains("noexec"))
                    .map(mount -> Path.of(mount[1]))
                    .filter(Files::isWritable)
                    .findFirst();
        }
        assumeTrue(volume.isPresent(), "a volume with noexec that may be written");

        assertThat(NativeParts.allowsPrograms(volume.get())).isFalse();
    }
}
