package io.deltaforge.source.logs;

import java.util.Arrays;
import java.util.BitSet;

/**
 * How far each file of a {@link FileTable} was read, while it is being read: pages of offsets by the files' numbers, 0 where
 * nothing was. A {@link #snapshot} shares all pages that do not change. Confined to the source thread.
 */
final class Offsets {
    static final int PAGE = 64;

    /** The page of files of which nothing was read, or is left. */
    private static final long[] NONE = new long[PAGE];

    private long[][] pages;
    /** Which pages no snapshot shares. */
    private final BitSet owned = new BitSet();

    private boolean shared;

    /** @param pages a snapshot */
    Offsets(long[][] pages) {
        this.pages = pages;
        this.shared = true;
    }

    void set(int file, long offset) {
        int page = file / PAGE;
        own(page)[file % PAGE] = offset;
    }

    /** A file that is no more. */
    void clear(int file) {
        if (at(pages, file) == 0) {
            return;
        }
        int page = file / PAGE;
        long[] offsets = own(page);
        offsets[file % PAGE] = 0;
        if (Arrays.equals(offsets, NONE)) {
            pages[page] = NONE;
            owned.clear(page);
        }
    }

    private long[] own(int page) {
        int before = pages.length;
        if (page >= before || shared) {
            pages = Arrays.copyOf(pages, Math.max(before, page + 1));
            Arrays.fill(pages, before, pages.length, NONE);
            shared = false;
        }
        if (!owned.get(page)) {
            pages[page] = pages[page].clone();
            owned.set(page);
        }
        return pages[page];
    }

    long get(int file) {
        return at(pages, file);
    }

    /** Not to be changed. */
    long[][] snapshot() {
        shared = true;
        owned.clear();
        return pages;
    }

    static long at(long[][] pages, int file) {
        int page = file / PAGE;
        return page < pages.length ? pages[page][file % PAGE] : 0;
    }
}
