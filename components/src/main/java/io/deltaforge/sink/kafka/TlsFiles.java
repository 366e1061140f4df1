package io.deltaforge.sink.kafka;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of certificates and keys that a client's TLS depends on.
 *
 * @param files files, and directories of files
 * @param loaders read them into settings of the Java client
 */
record TlsFiles(List<Path> files, List<SettingsDraft.Loader> loaders) {

    TlsFiles {
        files = List.copyOf(files);
        loaders = List.copyOf(loaders);
    }

    /** What changes when a file does, however it is replaced: in place, by renaming, or behind a symbolic link. */
    record Version(FileTime modified, long size, @Nullable Object identity) {}

    Map<String, String> load() throws IOException, GeneralSecurityException {
        Map<String, String> settings = new HashMap<>();
        for (SettingsDraft.Loader loader : loaders) {
            settings.putAll(loader.load());
        }
        return settings;
    }

    /** Those of the files that are there. */
    Map<Path, Version> versions() {
        Map<Path, Version> versions = new HashMap<>();
        for (Path file : files) {
            addVersion(file, versions);
            if (Files.isDirectory(file)) {
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(file)) {
                    entries.forEach(entry -> addVersion(entry, versions));
                } catch (IOException e) {
                    versions.remove(file); // as if it were not there: reading it will say why
                }
            }
        }
        return versions;
    }

    private static void addVersion(Path file, Map<Path, Version> versions) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            versions.put(file, new Version(now.lastModifiedTime(), now.size(), now.fileKey()));
        } catch (IOException e) {
            versions.remove(file); // not there, for now
        }
    }
}
