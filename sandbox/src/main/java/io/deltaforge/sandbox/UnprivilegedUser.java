package io.deltaforge.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;

/**
 * Whom PostgreSQL's programs run as, for they refuse to run as root. Ordinary users need nothing. Root runs them in
 * an unmapped user namespace, where it is "nobody" but still owns its files; where the system forbids that, as the
 * real "nobody", to whom the data then belongs.
 */
sealed interface UnprivilegedUser {
    /** What to put before a command. */
    List<String> prefix();

    /** Makes {@code directory} and what is in it accessible to this user. */
    default void own(Path directory) {}

    /** Where this user can read programs. */
    default Path cache() {
        return Cache.ofUser();
    }

    static UnprivilegedUser find() {
        if (!System.getProperty("user.name").equals("root")) {
            return new Oneself();
        }
        if (succeeds(List.of("unshare", "-U", "true"))) {
            return new Unmapped();
        }
        if (succeeds(Nobody.PREFIX, "true")) {
            return new Nobody();
        }
        throw new IllegalStateException(
                "PostgreSQL does not run as root, and neither unshare nor setpriv works here: run as another user");
    }

    /** Not root. */
    record Oneself() implements UnprivilegedUser {
        @Override
        public List<String> prefix() {
            return List.of();
        }
    }

    /** Root, seen as "nobody" from within a user namespace. */
    record Unmapped() implements UnprivilegedUser {
        @Override
        public List<String> prefix() {
            return List.of("unshare", "-U");
        }
    }

    /** The system's "nobody". */
    record Nobody() implements UnprivilegedUser {
        static final List<String> PREFIX = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

        @Override
        public List<String> prefix() {
            return PREFIX;
        }

        @Override
        public void own(Path directory) {
            try {
                UserPrincipal nobody = directory
                        .getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName("nobody");
                Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes)
                            throws IOException {
                        Files.setOwner(visited, nobody);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        Files.setOwner(file, nobody);
                        return FileVisitResult.CONTINUE;
                    }
                });
            } catch (IOException e) {
                throw new UncheckedIOException("cannot give " + directory + " to nobody", e);
            }
        }

        @Override
        public Path cache() {
            return Cache.shared();
        }
    }

    private static boolean succeeds(List<String> prefix, String... command) {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(List.of(command));
        try {
            return new ProcessBuilder(whole)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // the program is not installed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
