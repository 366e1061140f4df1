package io.deltaforge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The class path of a broker's JVM, with the archive of its loaded classes (class data sharing) that spares a third
 * of a start's CPU time. The first broker on a new class path writes the archive when it ends in good order.
 *
 * @param path of jars alone where that is possible; the archive cannot cover directories
 * @param archive is used when it exists; null when there can be none
 */
record BrokerClasses(String path, @Nullable Path archive) {
    private static final Logger log = LoggerFactory.getLogger(BrokerClasses.class);
    private static final String UNFINISHED = "classes.jsa";
    private static final int ARCHIVES_KEPT = 8;

    /** Of this JVM's own class path, which has Kafka on it, and Logback, the only SLF4J provider; absolute. */
    static BrokerClasses find(Path cache) {
        List<Path> all = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toAbsolutePath())
                .toList();
        List<Path> jars = all.stream().filter(BrokerClasses::isForBroker).toList();
        boolean withKafka =
                jars.stream().anyMatch(jar -> jar.getFileName().toString().startsWith("kafka_"));
        if (!withKafka) {
            return new BrokerClasses(joined(all), null); // behind a manifest perhaps, where we do not look
        }
        String archive = "broker-" + fingerprint(jars) + ".jsa";
        return new BrokerClasses(joined(jars), cache.resolve(archive));
    }

    /** What the JVM in {@code directory} needs to use the archive or, if {@code writing}, to make the missing one. */
    List<String> options(Path directory, boolean writing) {
        if (archive == null) {
            return List.of();
        }
        if (Files.exists(archive)) {
            return List.of(
                    "-XX:SharedArchiveFile=" + archive, "-Xshare:auto", "-Xlog:cds=off", "-Xlog:cds+dynamic=off");
        }
        return writing
                ? List.of(
                        "-XX:ArchiveClassesAtExit=" + directory.resolve(UNFINISHED),
                        "-Xlog:cds=off",
                        "-Xlog:cds+dynamic=off")
                : List.of();
    }

    /** True until a broker has written the archive; false if there can be none. */
    boolean isMissing() {
        return archive != null && !Files.exists(archive);
    }

    /** Puts what the JVM in {@code directory} wrote at its end where the next ones find it, whole or not at all. */
    void keep(Path directory) {
        Path written = directory.resolve(UNFINISHED);
        if (archive == null || !Files.exists(written)) {
            return;
        }
        try {
            Path beside = archive.resolveSibling(UUID.randomUUID() + ".new");
            Files.move(written, beside);
            Files.move(beside, archive, StandardCopyOption.ATOMIC_MOVE);
            deleteOldest(Objects.requireNonNull(archive.getParent()));
        } catch (IOException e) {
            log.debug("brokers go on starting without a class archive", e);
        }
    }

    private static void deleteOldest(Path cache) throws IOException {
        List<Path> archives = new ArrayList<>();
        try (Stream<Path> files = Files.list(cache)) {
            files.filter(file -> file.toString().endsWith(".jsa")).forEach(archives::add);
        }
        archives.sort(Comparator.comparingLong((Path file) -> file.toFile().lastModified())
                .reversed());
        for (Path old : archives.subList(Math.min(ARCHIVES_KEPT, archives.size()), archives.size())) {
            Files.deleteIfExists(old);
        }
    }

    /** Our own jars change with every build, and no broker needs them. */
    private static boolean isForBroker(Path entry) {
        String name = entry.getFileName().toString();
        return name.endsWith(".jar") && !name.startsWith("deltaforge");
    }

    private static String joined(List<Path> entries) {
        return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static UUID fingerprint(List<Path> jars) {
        StringBuilder all = new StringBuilder()
                .append(System.getProperty("java.home"))
                .append(System.getProperty("java.vm.version"));
        for (Path jar : jars) {
            File file = jar.toFile();
            all.append(jar).append(file.length()).append(file.lastModified());
        }
        return UUID.nameUUIDFromBytes(all.toString().getBytes(UTF_8));
    }
}
