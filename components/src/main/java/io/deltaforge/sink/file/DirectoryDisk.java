package io.deltaforge.sink.file;

import io.deltaforge.spi.storage.DurableFile;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A directory of the file system, which must be there. */
final class DirectoryDisk implements Disk {
    static final String LOCK_FILE = ".deltaforge.lock";

    private final Path directory;
    private @Nullable FileChannel lockFile;

    DirectoryDisk(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    /** Somebody else writes there. */
    static final class InUseException extends IOException {
        InUseException(Path directory) {
            super(directory.toString());
        }
    }

    @Override
    public void open() throws IOException {
        if (!Files.exists(directory)) {
            throw new NoSuchFileException(directory.toString());
        }
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory.toString());
        }
        FileChannel channel =
                FileChannel.open(directory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!locks(channel)) {
            channel.close();
            throw new InUseException(directory);
        }
        lockFile = channel;
    }

    private static boolean locks(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // another sink of this process
        }
    }

    @Override
    public List<String> namesEnding(String ending) throws IOException {
        List<String> names = new ArrayList<>();
        Path root = directory.toRealPath();
        Files.walkFileTree(root, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = root.relativize(file).toString().replace(File.separatorChar, '/');
                if (attributes.isRegularFile() && name.endsWith(ending)) {
                    names.add(name);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
                if (why instanceof AccessDeniedException
                        || why instanceof NoSuchFileException
                        || why instanceof FileSystemLoopException) {
                    return FileVisitResult.CONTINUE; // none of ours, such as lost+found, or gone meanwhile
                }
                throw why;
            }
        });
        return names;
    }

    @Override
    public boolean exists(String name) {
        return Files.exists(directory.resolve(name));
    }

    @Override
    public DurableFile create(String name) throws IOException {
        Path file = directory.resolve(name);
        makeFolder(folderOf(file));
        Files.createFile(file);
        DurableFile.syncFolder(folderOf(file));
        return DurableFile.open(file);
    }

    private static Path folderOf(Path file) {
        return Objects.requireNonNull(file.getParent(), "below the directory everything has a parent");
    }

    /** Makes what is missing below the directory, but not the directory. */
    private void makeFolder(Path folder) throws IOException {
        if (!folder.equals(directory) && !Files.isDirectory(folder)) {
            makeFolder(folderOf(folder));
            Files.createDirectory(folder);
            DurableFile.syncFolder(folderOf(folder));
        }
    }

    @Override
    public DurableFile open(String name) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.isWritable(file)) {
            throw new AccessDeniedException(file.toString());
        }
        return DurableFile.open(file);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        if (exists(to)) {
            throw new FileAlreadyExistsException(directory.resolve(to).toString());
        }
        Path target = directory.resolve(to);
        Files.move(directory.resolve(from), target, StandardCopyOption.ATOMIC_MOVE);
        DurableFile.syncFolder(folderOf(target));
    }

    @Override
    public void delete(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.deleteIfExists(file);
        DurableFile.syncFolder(folderOf(file));
    }

    @Override
    public void close() throws IOException {
        FileChannel channel = lockFile;
        lockFile = null;
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
