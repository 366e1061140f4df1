package io.deltaforge.source.logs;

/**
 * What tells a file from every other, through renames and restarts.
 *
 * @param birth what it began with when it was first seen; never of no bytes
 * @param generation counts files of the same inode and beginning, from 0
 */
record FileIdentity(Inode inode, Fingerprint birth, int generation) {
    private static final int RADIX = 36;

    void appendTo(StringBuilder text) {
        text.append(Long.toUnsignedString(inode.device(), RADIX))
                .append('-')
                .append(Long.toUnsignedString(inode.number(), RADIX))
                .append('-');
        birth.appendTo(text);
        if (generation > 0) {
            text.append('-').append(Integer.toString(generation, RADIX));
        }
    }

    String text() {
        StringBuilder text = new StringBuilder();
        appendTo(text);
        return text.toString();
    }

    /** @throws IllegalArgumentException when it is none */
    static FileIdentity parse(String text) {
        String[] parts = text.split("-", -1);
        if (parts.length != 4 && parts.length != 5) {
            throw new IllegalArgumentException(text + " identifies no file");
        }
        return new FileIdentity(
                new Inode(Long.parseUnsignedLong(parts[0], RADIX), Long.parseUnsignedLong(parts[1], RADIX)),
                Fingerprint.parse(parts[2], parts[3]),
                parts.length == 4 ? 0 : Integer.parseInt(parts[4], RADIX));
    }
}
