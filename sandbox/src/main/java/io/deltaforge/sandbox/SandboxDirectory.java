package io.deltaforge.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where servers keep their data: the caller's directory, which stays, or a temporary one, which goes with the server.
 * A temporary directory carries a locked file; one whose lock is free belongs to a JVM that was killed, and the next
 * JVM that makes one clears it away.
 */
public final class SandboxDirectory implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SandboxDirectory.class);
    private static final String LOCK = "owner.lock";
    private static final String PREFIX = "deltaforge-sandbox-";
    private static final Duration YOUNG = Duration.ofMinutes(1);

    private final Path path;
    private final @Nullable FileChannel lock;

    private SandboxDirectory(Path path, @Nullable FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** @param kind a word in the temporary directory's name */
    public static SandboxDirectory of(@Nullable Path wanted, String kind) {
        try {
            return wanted == null ? temporary(kind) : new SandboxDirectory(kept(wanted), null);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a directory for " + kind, e);
        }
    }

    public Path path() {
        return path;
    }

    boolean isTemporary() {
        return lock != null;
    }

    @Override
    public void close() {
        if (lock != null) {
            try {
                lock.close();
                delete(path);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot delete " + path, e);
            }
        }
    }

    private static Path kept(Path wanted) throws IOException {
        return Files.createDirectories(wanted.toAbsolutePath().normalize());
    }

    private static SandboxDirectory temporary(String kind) throws IOException {
        Path parent = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
        String own = PREFIX + ProcessHandle.current().pid() + "-";
        clearAbandoned(parent, own);
        Path path = Files.createTempDirectory(parent, own + kind + "-");
        FileChannel lock =
                FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        return new SandboxDirectory(path, lock);
    }

    /** Never opens a lock file of this JVM: closing it again would release the lock (POSIX locks go per process). */
    private static void clearAbandoned(Path parent, String own) throws IOException {
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path directory : directories) {
                if (!directory.getFileName().toString().startsWith(own) && isAbandoned(directory.resolve(LOCK))) {
                    try {
                        delete(directory);
                    } catch (IOException e) {
                        log.debug("left {} behind: {}", directory, e.toString());
                    }
                }
            }
        }
    }

    private static boolean isAbandoned(Path lockFile) {
        try {
            Instant made = Files.getLastModifiedTime(lockFile).toInstant();
            if (made.isAfter(Instant.now().minus(YOUNG))) {
                return false; // its JVM may not have come to lock it yet
            }
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
                return channel.tryLock() != null;
            }
        } catch (IOException e) {
            return false; // gone in the meantime, or another user's
        }
    }

    static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // another JVM clears the same directory
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
