package io.deltaforge.sink.file;

import io.deltaforge.spi.Failure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;

/** What the errors of a file system mean. */
final class FileErrors {
    private FileErrors() {}

    /** @param directory for the message */
    static Failure failure(IOException error, String directory) {
        String text = String.valueOf(error.getMessage());
        return switch (error) {
            case DirectoryDisk.InUseException inUse ->
                fatal(directory + " is in use by another file sink: give each a directory of its own", error);
            case NotDirectoryException notDirectory -> fatal(text + " is not a directory: name one", error);
            case NoSuchFileException missing ->
                fatal(text + " does not exist: create it, or mount the volume it lies on", error);
            case AccessDeniedException denied ->
                fatal(text + " may not be written: give the user " + user() + " the right to", error);
            case FileAlreadyExistsException exists ->
                fatal(text + " exists already: move it away, so that nothing overwrites it", error);
            default -> other(error, text, directory);
        };
    }

    private static Failure other(IOException error, String text, String directory) {
        String reason = error instanceof FileSystemException inSystem ? String.valueOf(inSystem.getReason()) : text;
        String words = reason.toLowerCase(Locale.ROOT);
        if (words.contains("no space left") || words.contains("quota exceeded")) {
            return new Failure.Retryable(
                    "no space left for " + directory + " (" + reason + "): free some; the events wait", error);
        }
        if (words.contains("read-only file system")) {
            return fatal(directory + " is on a file system that is read-only: mount it for writing", error);
        }
        if (words.contains("permission denied")) {
            return fatal(text + ": give the user " + user() + " the right to write there", error);
        }
        return new Failure.Retryable("cannot write to " + directory + ": " + text, error);
    }

    private static Failure fatal(String message, IOException error) {
        return new Failure.Fatal(message, error);
    }

    private static String user() {
        return System.getProperty("user.name", "of this process");
    }
}
