package io.deltaforge.source.logs;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the operating system announces of directories (inotify on Linux). Confined to the source thread. */
final class Changes implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Changes.class);

    private final Map<Path, Watched> watched = new HashMap<>();
    private final Map<WatchKey, Path> directories = new HashMap<>();
    private final @Nullable WatchService service;
    private boolean warned;

    /** @param directory the one that had the name; {@code null} when nobody could tell */
    private record Watched(WatchKey key, @Nullable Object directory) {
        boolean isStill(@Nullable Object now) {
            return key.isValid() && (now == null || now.equals(directory));
        }
    }

    /** Who is told. */
    interface Listener {
        void written(Path file);

        void created(Path file);

        void deleted(Path file);

        /** More happened than was told. */
        void overflow();
    }

    Changes() {
        this.service = open();
    }

    private static @Nullable WatchService open() {
        try {
            return FileSystems.getDefault().newWatchService();
        } catch (IOException | UnsupportedOperationException e) {
            log.warn(
                    "the operating system announces no changes of files ({}), so they are looked at every second, which"
                            + " costs more. On Linux, raise fs.inotify.max_user_instances with sysctl",
                    e.toString());
            return null;
        }
    }

    /**
     * Changes in this directory are to be told from now on; false when the system does not.
     *
     * @param which which one has this name now: the system goes on with the one that had it; {@code null} for whichever
     */
    boolean watch(Path directory, @Nullable Object which) {
        Watched known = watched.get(directory);
        if (known != null && known.isStill(which)) {
            return true;
        }
        if (service == null) {
            return false;
        }
        try {
            WatchKey key = directory.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
            if (known != null && !known.key.equals(key) && directory.equals(directories.get(known.key))) {
                directories.remove(known.key);
                known.key.cancel();
            }
            watched.put(directory, new Watched(key, which));
            directories.put(key, directory);
            return true;
        } catch (AccessDeniedException e) {
            return false; // nor may it be listed, which is told
        } catch (IOException e) {
            if (!warned && Files.isDirectory(directory)) {
                warned = true;
                log.warn(
                        "{} cannot be watched ({}), so its files are looked at every second, which costs more. On Linux,"
                                + " raise fs.inotify.max_user_watches with sysctl",
                        directory,
                        e.toString());
            }
            return false;
        }
    }

    /** Tells what has happened, or waits for the first that does. */
    void tell(Listener listener, Duration atMost) {
        if (service == null) {
            LockSupport.parkNanos(atMost.toNanos());
            return;
        }
        try {
            WatchKey key = atMost.isZero() ? service.poll() : service.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
            while (key != null) {
                tell(key, listener);
                key = service.poll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(WatchKey key, Listener listener) {
        Path directory = directories.get(key);
        for (WatchEvent<?> event : key.pollEvents()) {
            if (event.kind().equals(OVERFLOW) || directory == null) {
                listener.overflow();
                continue;
            }
            Path file = directory.resolve((Path) event.context());
            if (event.kind().equals(ENTRY_MODIFY)) {
                listener.written(file);
            } else if (event.kind().equals(ENTRY_CREATE)) {
                listener.created(file);
            } else {
                listener.deleted(file);
            }
        }
        if (!key.reset()) {
            directories.remove(key);
            if (directory != null) {
                watched.remove(directory);
            }
            listener.overflow();
        }
    }

    @Override
    public void close() {
        try {
            if (service != null) {
                service.close();
            }
        } catch (IOException e) {
            log.debug("closing what watches directories", e);
        }
    }
}
