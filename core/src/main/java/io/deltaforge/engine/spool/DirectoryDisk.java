package io.deltaforge.engine.spool;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A folder of the file system; made, with its parents, when the first file is. */
public final class DirectoryDisk implements SpoolDisk {
    private final Path directory;

    public DirectoryDisk(Path directory) {
        this.directory = directory;
    }

    @Override
    public List<String> files() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.forEach(file -> names.add(file.toFile().getName()));
        }
        return names;
    }

    @Override
    public SpoolFile create(String name) throws IOException {
        makeDirectory(directory);
        SpoolFile file =
                new OpenFile(new RandomAccessFile(directory.resolve(name).toFile(), "rw"));
        file.truncate(0);
        sync(directory);
        return file;
    }

    private static void makeDirectory(Path wanted) throws IOException {
        Path parent = wanted.toAbsolutePath().getParent();
        if (!Files.isDirectory(wanted) && parent != null) {
            makeDirectory(parent);
            Files.createDirectory(wanted);
            sync(parent);
        }
    }

    /** A new or deleted name survives a power cut only once its folder is synced. */
    private static void sync(Path folder) throws IOException {
        if (File.separatorChar == '/') { // Windows opens no folders, and needs none of this
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public SpoolFile open(String name) throws IOException {
        if (!Files.exists(directory.resolve(name))) {
            throw new NoSuchFileException(name);
        }
        return new OpenFile(new RandomAccessFile(directory.resolve(name).toFile(), "rw"));
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
        sync(directory);
    }

    @Override
    public String toString() {
        return directory.toString();
    }

    /** Not a {@link FileChannel}, which the interrupt that ends a stalled delivery would close. */
    private record OpenFile(RandomAccessFile file) implements SpoolFile {
        @Override
        public void write(byte[] bytes, int length, long at) throws IOException {
            file.seek(at);
            file.write(bytes, 0, length);
        }

        @Override
        public int read(byte[] into, int length, long at) throws IOException {
            file.seek(at);
            int total = 0;
            while (total < length) {
                int count = file.read(into, total, length - total);
                if (count < 0) {
                    break;
                }
                total += count;
            }
            return total;
        }

        @Override
        public long length() throws IOException {
            return file.length();
        }

        @Override
        public void truncate(long length) throws IOException {
            file.setLength(length);
        }

        @Override
        public void force() throws IOException {
            file.getFD().sync();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
