package io.deltaforge.source.logs;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the files that match, through symbolic links. Confined to the source thread. */
final class FileTree {
    private static final Logger log = LoggerFactory.getLogger(FileTree.class);

    private final Globs include;
    private final Globs exclude;
    private final Set<Path> warned = new HashSet<>();
    private final Set<Path> unlisted = new HashSet<>();

    /** What is found. */
    interface Visitor {
        /**
         * A directory in which files may match; told before they are.
         *
         * @param key which one has this name now, see {@link BasicFileAttributes#fileKey}; {@code null} when nobody can tell
         */
        void directory(Path directory, @Nullable Object key);

        void file(Path path, BasicFileAttributes attributes);
    }

    FileTree(Globs include, Globs exclude) {
        this.include = include;
        this.exclude = exclude;
    }

    /** True when a file of this path is to be read. */
    boolean isWanted(Path path) {
        return include.match(path) && !exclude.match(path);
    }

    /** Visits all there are; a file that two patterns match, once for each. False when there may be more. */
    boolean visit(Visitor visitor) {
        unlisted.clear();
        for (Globs.Glob glob : include.all()) {
            walk(glob, glob.base(), keyOf(glob.base()), glob.withNext(1), new HashSet<>(), visitor);
        }
        return unlisted.isEmpty();
    }

    /** Which directory has this name now; {@code null} when nobody can tell. */
    static @Nullable Object keyOf(Path directory) {
        try {
            return Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null; // listing it tells why
        }
    }

    /** True when the last visit could have found a file of this path. */
    boolean couldFind(Path path) {
        return unlisted.stream().noneMatch(path::startsWith);
    }

    /**
     * @param parts of the pattern, a bit for each, that a name in this directory may match
     * @param above the directories on the way here, so that links do not lead round in a circle
     */
    private void walk(
            Globs.Glob glob, Path directory, @Nullable Object key, long parts, Set<Object> above, Visitor visitor) {
        visitor.directory(directory, key);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                visit(glob, entry, parts, above, visitor);
            }
        } catch (NoSuchFileException | NotDirectoryException gone) {
            // it may come yet
        } catch (DirectoryIteratorException e) {
            notListed(directory, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            notListed(directory, e);
        }
    }

    private void notListed(Path directory, IOException e) {
        unlisted.add(directory);
        if (!warned.add(directory)) {
            return;
        }
        if (e instanceof AccessDeniedException) {
            log.warn(
                    "{} may not be listed, so its files are not read. Allow it, e.g. setfacl -m u:{}:rx {}",
                    directory,
                    System.getProperty("user.name"),
                    directory);
        } else {
            log.warn("{} cannot be listed, so its files are not read: {}", directory, e.toString());
        }
    }

    private void notReached(Path entry, IOException e) {
        unlisted.add(entry);
        if (!warned.add(Objects.requireNonNull(entry.getParent()))) {
            return; // its neighbours have the same
        }
        if (e instanceof AccessDeniedException) {
            log.warn(
                    "{} cannot be looked at, so it is not read. Allow it, with setfacl -m u:{}:x on each directory of the way to"
                            + " it, or to what it is a link to",
                    entry,
                    System.getProperty("user.name"));
        } else {
            log.warn("{} cannot be looked at, so it is not read: {}", entry, e.toString());
        }
    }

    private void visit(Globs.Glob glob, Path entry, long parts, Set<Object> above, Visitor visitor) {
        Path name = entry.getFileName();
        boolean asFile = glob.endsWith(name, parts) && !exclude.match(entry);
        long below = glob.below(name, parts);
        if (!asFile && below == 0) {
            return;
        }
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(entry, BasicFileAttributes.class);
        } catch (NoSuchFileException gone) {
            return; // meanwhile, or a link to nowhere
        } catch (IOException e) {
            notReached(entry, e); // it may be there
            return;
        }
        if (attributes.isDirectory()) {
            if (below != 0 && above.add(attributes.fileKey())) {
                walk(glob, entry, attributes.fileKey(), below, above, visitor);
                above.remove(attributes.fileKey());
            } else if (asFile && glob.isLiteral() && warned.add(entry)) {
                log.warn(
                        "{} is a directory; to read the files in it, write {}/*.log, or {}/** for all",
                        entry,
                        entry,
                        entry);
            }
        } else if (asFile && attributes.isRegularFile()) {
            visitor.file(entry, attributes);
        }
    }
}
