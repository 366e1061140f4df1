package io.deltaforge.sink.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jpountz.lz4.LZ4Factory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads lz4 so that it leaves no file behind. It unpacks its native part into the directory that the JVM was started with as
 * {@code java.io.tmpdir}, under a new name each time, and has no setting for another; a JVM that is killed never removes
 * it. On Linux it is removed as soon as it is loaded: what is mapped stays.
 */
final class Lz4Library {
    private static final Logger LOG = LoggerFactory.getLogger(Lz4Library.class);
    /** A process' memory map, see proc_pid_maps(5): address, rights, offset, device, inode, path. */
    private static final Path MAPS = Path.of("/proc/self/maps");

    private static final Pattern UNPACKED = Pattern.compile("^(?:\\S+ +){5}(/.*/liblz4-java-\\d+\\.so)$");

    private Lz4Library() {}

    static synchronized void load() {
        LZ4Factory.fastestInstance();
        try {
            for (Path library : unpacked()) {
                Files.deleteIfExists(library);
                Files.deleteIfExists(Path.of(library + ".lck"));
            }
        } catch (IOException e) {
            LOG.debug("lz4 stays in the temporary directory until the program ends", e);
        }
    }

    private static List<Path> unpacked() throws IOException {
        if (!Files.isReadable(MAPS)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(MAPS)) {
            return lines.map(UNPACKED::matcher)
                    .filter(Matcher::matches)
                    .map(line -> Path.of(line.group(1)))
                    .distinct()
                    .toList();
        }
    }
}
