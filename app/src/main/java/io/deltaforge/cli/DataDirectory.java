package io.deltaforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Where a process keeps its state. It belongs to one process at a time: two would overwrite each other's checkpoints. */
final class DataDirectory implements AutoCloseable {
    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel lock;

    private DataDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Creates it when it is missing, and takes it. */
    static DataDirectory take(Path path) {
        return take("--data-dir", path);
    }

    /** @param option the command's name for it, in errors */
    static DataDirectory take(String option, Path path) {
        try {
            Files.createDirectories(path);
        } catch (FileAlreadyExistsException e) {
            throw UserError.fatal(option + " " + path + " is a file, not a directory");
        } catch (IOException e) {
            throw UserError.fatal(option + " " + path + " cannot be created: " + reason(e));
        }
        Path file = path.resolve(LOCK);
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                String owner = Files.readString(file).strip();
                channel.close();
                throw UserError.fatal(option + " " + path + " is in use by another DeltaForge"
                        + (owner.isEmpty() ? "" : " (process " + owner + ")") + ": stop it, or give this one its own");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(UTF_8)));
            return new DataDirectory(path, channel);
        } catch (IOException e) {
            close(channel);
            throw UserError.fatal(option + " " + path + " cannot be written: " + reason(e));
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this process itself
        }
    }

    /** Many of the JDK's file errors say no more than the file's name: their type says the rest. */
    static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException file -> "it is a file";
            case java.nio.file.NoSuchFileException missing -> "no such directory";
            case java.nio.file.FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }

    Path checkpoints() {
        return path.resolve("checkpoints.db");
    }

    /** Where dead letters lie. */
    Path journal() {
        return journal(path);
    }

    /** As {@link #journal()}, for who does not take the directory. */
    static Path journal(Path path) {
        return path.resolve("journal.db");
    }

    /** True when this process took the directory last and lives. */
    static boolean isHeldBy(Path path, long process) {
        try {
            return Files.readString(path.resolve(LOCK)).strip().equals(Long.toString(process))
                    && ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
        } catch (IOException e) {
            return false;
        }
    }

    /** Where libraries unpack their native parts. */
    Path nativeParts() {
        return path.resolve("native");
    }

    /** Where batches wait for sinks that do not keep up. */
    Path spools() {
        return path.resolve("spool");
    }

    private static void close(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw UserError.fatal("the lock of the data directory cannot be released: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        close(lock);
    }
}
