package io.deltaforge.source.logs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files held open: a bounded number, those used last. Confined to the source thread. */
final class OpenFiles {
    private static final Logger log = LoggerFactory.getLogger(OpenFiles.class);

    private final int most;
    /** Used longest ago first. */
    private final LinkedHashSet<FollowedFile> open = new LinkedHashSet<>();

    OpenFiles(int most) {
        this.most = most;
    }

    /**
     * The file's content; {@code null} when another file stands in its place, or none.
     *
     * @throws java.io.EOFException it is compressed, and not whole yet
     * @throws IOException it may not be read
     */
    @Nullable
    Content of(FollowedFile file) throws IOException {
        if (file.content != null) {
            open.remove(file);
            open.add(file);
            return file.content;
        }
        if (open.size() >= most) {
            makeRoom();
        }
        Content content = opened(file);
        if (content != null) {
            file.content = content;
            file.comeBack(); // it is back, or another is that has its inode now
            open.add(file);
        }
        return content;
    }

    private static @Nullable Content opened(FollowedFile file) throws IOException {
        try {
            if (!file.isInPlace()) {
                return null;
            }
            Content content = file.isGzip()
                    ? GzipContent.open(file.path)
                    : new Content.Plain(FileChannel.open(file.path, StandardOpenOption.READ));
            if (file.isSurelyInPlace()) {
                return content;
            }
            content.close();
        } catch (NoSuchFileException gone) {
            // a moment ago, or longer
        }
        return null;
    }

    /** Closes one that can be opened again, if there is any. */
    private void makeRoom() {
        Iterator<FollowedFile> oldest = open.iterator();
        while (oldest.hasNext()) {
            FollowedFile file = oldest.next();
            if (!file.gone && file.isSurelyInPlace()) { // else it was deleted or renamed, and nobody has noticed yet
                oldest.remove();
                close(file.content);
                file.content = null;
                return;
            }
        }
    }

    void close(FollowedFile file) {
        if (open.remove(file)) {
            close(file.content);
            file.content = null;
        }
    }

    void closeAll() {
        for (FollowedFile file : Set.copyOf(open)) {
            close(file);
        }
    }

    private static void close(@Nullable Content content) {
        try {
            if (content != null) {
                content.close();
            }
        } catch (IOException e) {
            log.debug("closing a file that was only read", e);
        }
    }
}
