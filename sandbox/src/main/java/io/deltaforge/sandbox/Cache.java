package io.deltaforge.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where this user keeps what is made once and used by every sandbox: unpacked programs, class archives. */
final class Cache {
    private Cache() {}

    /** {@code ~/.cache/deltaforge} or, without a home that can be written to, a directory beside the temporary ones. */
    static Path ofUser() {
        String cacheHome = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path home = cacheHome.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cacheHome);
        for (Path candidate : List.of(home.resolve("deltaforge"), shared())) {
            if (isOurs(candidate)) {
                return candidate;
            }
        }
        throw new UncheckedIOException(new IOException("neither " + home + " nor " + shared() + " can be written to"));
    }

    /** Where programs can be read by other users as well. */
    static Path shared() {
        return Path.of(System.getProperty("java.io.tmpdir"), "deltaforge-cache-" + System.getProperty("user.name"));
    }

    /** Programs are run from there: nobody else may have made it. */
    private static boolean isOurs(Path directory) {
        try {
            Files.createDirectories(directory);
            String owner = Files.getOwner(directory).getName();
            return Files.isWritable(directory) && owner.equals(System.getProperty("user.name"));
        } catch (IOException e) {
            return false;
        }
    }
}
