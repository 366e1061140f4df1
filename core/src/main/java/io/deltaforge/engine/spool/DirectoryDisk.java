package io.deltaforge.engine.spool;

import io.deltaforge.spi.storage.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
    public DurableFile create(String name) throws IOException {
        makeDirectory(directory);
        DurableFile file = DurableFile.open(directory.resolve(name));
        file.truncate(0);
        DurableFile.syncFolder(directory);
        return file;
    }

    private static void makeDirectory(Path wanted) throws IOException {
        Path parent = wanted.toAbsolutePath().getParent();
        if (!Files.isDirectory(wanted) && parent != null) {
            makeDirectory(parent);
            Files.createDirectory(wanted);
            DurableFile.syncFolder(parent);
        }
    }

    @Override
    public DurableFile open(String name) throws IOException {
        if (!Files.exists(directory.resolve(name))) {
            throw new NoSuchFileException(name);
        }
        return DurableFile.open(directory.resolve(name));
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
        DurableFile.syncFolder(directory);
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
