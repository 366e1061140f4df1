package io.deltaforge.source.logs;

import io.deltaforge.event.Position;
import org.jspecify.annotations.Nullable;

/**
 * How far every file was read: {@code files:<file>@<offset>,…}, numbers to the base 36. Immutable, but for the files that
 * retire meanwhile: these count as read to their ends.
 *
 * <p>Positions of one reading follow each other, so that their {@code number} tells which is further; of those that were read
 * back from their text, only the offsets tell.
 */
final class FilesPosition implements Position {
    static final String PREFIX = "files:";

    static final long[][] NO_PAGES = {};

    private static final int RADIX = 36;

    private final FileTable table;
    private final long[][] pages;
    private final long reading;
    private final long number;

    /**
     * @param pages see {@link Offsets}; not to be changed any more
     * @param reading which reading it is of; 0 for none
     */
    FilesPosition(FileTable table, long[][] pages, long reading, long number) {
        this.table = table;
        this.pages = pages;
        this.reading = reading;
        this.number = number;
    }

    long[][] pages() {
        return pages;
    }

    long offset(int file) {
        return Offsets.at(pages, file);
    }

    @Override
    public boolean covers(Position other) {
        if (other instanceof FilePosition place) {
            // also of a file that is no more: its last entries may still be on the way
            return offset(place.file().index()) >= place.offset();
        }
        FilesPosition files = (FilesPosition) other;
        if (files.reading != 0) {
            // what a reading says later is always something new to a checkpoint of another, be it only a file that has
            // gone
            if (reading == files.reading) {
                return number >= files.number;
            }
            if (reading == 0) {
                return false;
            }
        }
        return reaches(files);
    }

    @SuppressWarnings("ReferenceEquality") // a page that both share needs no look into it
    private boolean reaches(FilesPosition files) {
        for (int page = 0; page < files.pages.length; page++) {
            long[] theirs = files.pages[page];
            boolean same = page < pages.length && pages[page] == theirs;
            for (int i = 0; i < Offsets.PAGE && !same; i++) {
                int file = page * Offsets.PAGE + i;
                if (theirs[i] > offset(file) && table.at(file) != null) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Of each file the smaller offset; one that only one of them knows is to be read from its beginning. */
    @Override
    public Position earliest(Position other) {
        FilesPosition files = (FilesPosition) other;
        if (reading != 0 && reading == files.reading) {
            return number <= files.number ? this : files;
        }
        if (files.reaches(this)) {
            return this;
        }
        if (reaches(files)) {
            return files;
        }
        int count = Math.min(pages.length, files.pages.length);
        long[][] least = new long[count][Offsets.PAGE];
        for (int page = 0; page < count; page++) {
            for (int i = 0; i < Offsets.PAGE; i++) {
                least[page][i] = Math.min(pages[page][i], files.pages[page][i]);
            }
        }
        return new FilesPosition(table, least, 0, 0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FilesPosition files && files.reaches(this) && reaches(files);
    }

    @Override
    public int hashCode() {
        return 0; // what is equal depends on files that retire; positions are compared and never looked up
    }

    @Override
    public String text() {
        StringBuilder text = new StringBuilder(PREFIX);
        for (int page = 0; page < pages.length; page++) {
            long[] offsets = pages[page];
            for (int i = 0; i < Offsets.PAGE; i++) {
                FileTable.Slot file = offsets[i] == 0 ? null : table.at(page * Offsets.PAGE + i);
                if (file != null) {
                    append(file, offsets[i], text);
                }
            }
        }
        return text.toString();
    }

    private static void append(FileTable.Slot file, long offset, StringBuilder text) {
        if (text.length() > PREFIX.length()) {
            text.append(',');
        }
        file.identity().appendTo(text);
        Fingerprint later = file.later();
        if (later != null) {
            text.append('+');
            later.appendTo(text);
        }
        text.append('@').append(Long.toString(offset, RADIX));
    }

    /** @throws IllegalArgumentException when it is none */
    static Position parse(FileTable table, String text) {
        if (text.startsWith(FilePosition.PREFIX)) {
            String[] parts = text.substring(FilePosition.PREFIX.length()).split("@", -1);
            long offset = offset(parts);
            return new FilePosition(table.intern(FileIdentity.parse(parts[0]), null, 0), offset);
        }
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("a position in files begins with " + PREFIX);
        }
        Offsets offsets = new Offsets(NO_PAGES);
        if (text.length() > PREFIX.length()) {
            for (String part : text.substring(PREFIX.length()).split(",", -1)) {
                String[] parts = part.split("@", -1);
                long offset = offset(parts);
                int plus = parts[0].indexOf('+');
                String identity = plus < 0 ? parts[0] : parts[0].substring(0, plus);
                FileTable.Slot file = table.intern(
                        FileIdentity.parse(identity), plus < 0 ? null : later(parts[0].substring(plus + 1)), offset);
                offsets.set(file.index(), offset);
            }
        }
        return new FilesPosition(table, offsets.snapshot(), 0, 0);
    }

    private static Fingerprint later(String text) {
        String[] parts = text.split("-", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException(text + " is no fingerprint");
        }
        return Fingerprint.parse(parts[0], parts[1]);
    }

    private static long offset(String[] parts) {
        long offset = parts.length == 2 ? Long.parseLong(parts[1], RADIX) : 0;
        if (offset <= 0) {
            throw new IllegalArgumentException(String.join("@", parts) + " says no offset");
        }
        return offset;
    }
}
