package io.deltaforge.source.logs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a file lies on its disk; another may lie there when it is deleted. */
record Inode(long device, long number) {
    private static final Pattern UNIX = Pattern.compile("\\(dev=([0-9a-f]+),ino=(-?[0-9]+)\\)");

    /**
     * Of a file system's own key, which the JDK shows to humans only.
     *
     * @throws IllegalArgumentException the file system has no inodes
     */
    static Inode of(Object key) {
        Matcher unix = UNIX.matcher(String.valueOf(key));
        if (!unix.matches()) {
            throw new IllegalArgumentException(key + " tells no inode: files cannot be followed on this file system");
        }
        return new Inode(Long.parseUnsignedLong(unix.group(1), 16), Long.parseLong(unix.group(2)));
    }
}
