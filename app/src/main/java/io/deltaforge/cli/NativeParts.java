package io.deltaforge.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where libraries unpack their native parts, each time under a new name: a directory of the one process that holds the data
 * directory, instead of the machine's temporary one. What a process that was killed left there goes at the next start.
 */
final class NativeParts {
    private static final List<String> PROPERTIES =
            List.of("org.sqlite.tmpdir", "org.xerial.snappy.tempdir", "ZstdTempFolder");

    private NativeParts() {}

    /**
     * To be called before the first use of such a library. A property that the user has set stays as it is, and on a volume
     * that allows no programs ({@code noexec}) all of them do.
     */
    static void unpackInto(Path directory) {
        Path absolute = directory.toAbsolutePath();
        try {
            clear(Files.createDirectories(absolute));
            if (allowsPrograms(absolute)) {
                PROPERTIES.stream()
                        .filter(property -> System.getProperty(property) == null)
                        .forEach(property -> System.setProperty(property, absolute.toString()));
            }
        } catch (IOException e) {
            throw UserError.fatal(directory + " cannot be written: " + DataDirectory.reason(e));
        }
    }

    private static void clear(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    /** Asks by access(2), which says no for every file of a volume that is mounted with {@code noexec}. */
    static boolean allowsPrograms(Path directory) throws IOException {
        Path probe = Files.createTempFile(directory, "probe", "");
        try {
            return probe.toFile().setExecutable(true) && Files.isExecutable(probe);
        } finally {
            Files.delete(probe);
        }
    }
}
