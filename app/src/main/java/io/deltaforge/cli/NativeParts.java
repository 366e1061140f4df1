package io.deltaforge.cli;

import io.deltaforge.checkpoint.SqliteCheckpoints;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where libraries unpack their native parts, each time under a new name: a directory of the one process that holds the data
 * directory, instead of the machine's temporary one. What a process that was killed left there goes at the next start.
 */
final class NativeParts {
    private static final Logger LOG = LoggerFactory.getLogger(NativeParts.class);
    private static final List<String> PROPERTIES =
            List.of("org.sqlite.tmpdir", "org.xerial.snappy.tempdir", "ZstdTempFolder");

    private NativeParts() {}

    /** To be called before the first use of such a library. A property that the user has set stays as it is. */
    static void unpackInto(Path directory) {
        List<String> ours = PROPERTIES.stream()
                .filter(property -> System.getProperty(property) == null)
                .toList();
        try {
            clear(Files.createDirectories(directory).toAbsolutePath());
        } catch (IOException e) {
            throw UserError.fatal(directory + " cannot be cleared: " + DataDirectory.reason(e));
        }
        ours.forEach(property ->
                System.setProperty(property, directory.toAbsolutePath().toString()));
        if (!SqliteCheckpoints.canLoadLibrary()) {
            LOG.debug("{} allows no programs (noexec?): libraries unpack elsewhere", directory);
            ours.forEach(System::clearProperty);
        }
    }

    private static void clear(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }
}
