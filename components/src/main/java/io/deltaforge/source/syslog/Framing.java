package io.deltaforge.source.syslog;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * Finds messages in a TCP stream (RFC 6587): each begins with its length in bytes and a space, or ends with a newline; which
 * of the two is told by how it begins. Confined to one thread.
 *
 * <p>Holds at most one message, of which at most {@code maxBytes}: what is longer is taken so far and passed over for the
 * rest. A length counts only where a {@code <} follows it, because a line may begin with a number too.
 */
final class Framing {
    /** Takes a message; the bytes are its own. */
    interface Taker {
        /** @param truncated true when it is only the beginning of a message */
        void message(byte[] data, boolean truncated);
    }

    private static final int SMALLEST_BUFFER = 4096;
    /** A length with more digits is none. */
    private static final int MAX_DIGITS = 9;

    private static final int NO_LENGTH = -1;
    private static final int UNDECIDED = -2;

    private final int maxBytes;
    private final Taker taker;
    private byte[] buffer = new byte[SMALLEST_BUFFER];
    private int start;
    private int end;
    /** Bytes to come of a message that was taken already. */
    private long passOver;

    private boolean passOverLine;

    Framing(int maxBytes, Taker taker) {
        this.maxBytes = maxBytes;
        this.taker = taker;
    }

    /** Takes what came over the wire next; it may be cut anywhere. */
    void bytes(byte[] data, int from, int to) {
        int at = from;
        while (at < to) {
            int count = Math.min(to - at, room());
            System.arraycopy(data, at, buffer, end, count);
            end += count;
            at += count;
            takeMessages();
        }
    }

    /** The stream has ended: what is left is a message too, though maybe not all of it. */
    void end() {
        int length = length();
        if (length >= 0) {
            int from = start + digits() + 1;
            taker.message(Arrays.copyOfRange(buffer, from, end), true);
        } else if (start < end && !passOverLine) {
            line(end, false);
        }
        start = end;
    }

    /** Makes room in the buffer, and says how much there is: at least one byte. */
    private int room() {
        if (start == end) {
            start = 0;
            end = 0;
            if (buffer.length > 4 * SMALLEST_BUFFER) {
                buffer = new byte[SMALLEST_BUFFER]; // a long message must not stay a large buffer of an idle connection
            }
        }
        if (end == buffer.length) {
            if (start > 0) {
                System.arraycopy(buffer, start, buffer, 0, end - start);
                end -= start;
                start = 0;
            } else {
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            }
        }
        return buffer.length - end;
    }

    private void takeMessages() {
        boolean more = true;
        while (more && start < end) {
            if (passOver > 0) {
                long count = Math.min(passOver, (long) end - start);
                start += (int) count;
                passOver -= count;
            } else if (passOverLine) {
                more = endLine(newline());
            } else if (isSeparator(buffer[start])) {
                start++;
            } else {
                more = takeMessage();
            }
        }
    }

    /** Between messages: what ends some lines, and what follows some counted messages. */
    private static boolean isSeparator(byte b) {
        return b == '\n' || b == '\r' || b == 0;
    }

    private boolean endLine(int newline) {
        start = newline < 0 ? end : newline + 1;
        passOverLine = newline < 0;
        return newline >= 0;
    }

    /** True when there was a whole message, or enough of one. */
    private boolean takeMessage() {
        int length = length();
        if (length == UNDECIDED) {
            return false;
        }
        return length == NO_LENGTH ? takeLine() : takeCounted(length);
    }

    private boolean takeCounted(int length) {
        int from = start + digits() + 1;
        int taken = Math.min(length, maxBytes);
        if (end - from < taken) {
            return false;
        }
        taker.message(Arrays.copyOfRange(buffer, from, withoutEnd(from, from + taken)), taken < length);
        start = from + taken;
        passOver = (long) length - taken;
        return true;
    }

    private boolean takeLine() {
        int newline = newline();
        if (newline >= 0) {
            line(newline, false);
            start = newline + 1;
            return true;
        }
        if (end - start > maxBytes + 1) { // one more, for a carriage return
            line(end, true);
            start = end;
            passOverLine = true;
        }
        return false;
    }

    private void line(int to, boolean truncated) {
        int lineEnd = to > start && (buffer[to - 1] == '\r' || buffer[to - 1] == 0) ? to - 1 : to;
        boolean tooLong = lineEnd - start > maxBytes;
        taker.message(Arrays.copyOfRange(buffer, start, tooLong ? start + maxBytes : lineEnd), truncated || tooLong);
    }

    /** Some senders count a newline behind the message in. */
    private int withoutEnd(int from, int to) {
        int i = to;
        while (i > from && isSeparator(buffer[i - 1])) {
            i--;
        }
        return i;
    }

    private int newline() {
        for (int i = start; i < end; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private int digits() {
        int i = start;
        while (i < end && i - start <= MAX_DIGITS && buffer[i] >= '0' && buffer[i] <= '9') {
            i++;
        }
        return i - start;
    }

    /** The length that the next message begins with, {@link #NO_LENGTH}, or {@link #UNDECIDED} with too few bytes to tell. */
    private int length() {
        if (start == end) {
            return UNDECIDED;
        }
        int digits = digits();
        int at = start + digits;
        if (digits == 0 || digits > MAX_DIGITS || buffer[start] == '0') {
            return NO_LENGTH;
        }
        if (at + 1 >= end) {
            return at < end && buffer[at] != ' ' ? NO_LENGTH : UNDECIDED;
        }
        if (buffer[at] != ' ' || buffer[at + 1] != '<') {
            return NO_LENGTH;
        }
        return Integer.parseInt(new String(buffer, start, digits, US_ASCII));
    }
}
