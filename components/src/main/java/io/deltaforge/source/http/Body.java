package io.deltaforge.source.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads bodies, so that all of them together take no more memory than was given. Thread-safe. */
final class Body {
    private static final int PIECE_BYTES = 64 * 1024;

    private final int maxBytes;
    private final Semaphore freePieces;

    /** What a request holds of the memory; closing gives it back. Confined to the request's thread. */
    final class Read implements AutoCloseable {
        private byte[] bytes = {};
        private int length;
        private int pieces;

        byte[] bytes() {
            return bytes;
        }

        int length() {
            return length;
        }

        /** @throws Refusal when it is larger than allowed, no gzip, or there is no memory for it at the moment */
        void from(InputStream in, boolean gzip) throws IOException, Refusal {
            try {
                readAll(gzip ? new GZIPInputStream(new Asked(in), PIECE_BYTES / 8) : in);
            } catch (ZipException e) {
                throw new Refusal(400, "the body is not gzip, although Content-Encoding says so");
            } catch (EOFException e) {
                throw new Refusal(400, "the body ends too early");
            }
        }

        private void readAll(InputStream in) throws IOException, Refusal {
            while (true) {
                if (length == bytes.length) {
                    grow();
                }
                int count = in.read(bytes, length, bytes.length - length);
                if (count < 0) {
                    return;
                }
                length += count;
                if (length > maxBytes) {
                    throw tooLarge();
                }
            }
        }

        private void grow() throws Refusal {
            int most = maxBytes / PIECE_BYTES + 1; // one byte more tells that a body is too large
            int more = Math.min(Math.max(1, pieces), most - pieces); // twice as much
            if (!freePieces.tryAcquire(more)) {
                throw Refusal.later(429, "too many bodies at once", 1);
            }
            pieces += more;
            bytes = Arrays.copyOf(bytes, pieces * PIECE_BYTES);
        }

        @Override
        public void close() {
            freePieces.release(pieces);
            pieces = 0;
        }
    }

    /**
     * Has something available as long as it has not ended. Before Java 23, gzip's second member was passed over when its
     * first byte was still on the way.
     */
    private static final class Asked extends PushbackInputStream {
        Asked(InputStream in) {
            super(in);
        }

        @Override
        public int available() throws IOException {
            int next = read();
            if (next < 0) {
                return 0;
            }
            unread(next);
            return Math.max(1, super.available());
        }
    }

    /**
     * @param maxBytes most of one body, unpacked
     * @param allBytes most of all together
     */
    Body(int maxBytes, int allBytes) {
        this.maxBytes = maxBytes;
        this.freePieces = new Semaphore(allBytes / PIECE_BYTES);
    }

    Read read() {
        return new Read();
    }

    Refusal tooLarge() {
        return new Refusal(413, "the body is larger than " + maxBytes + " bytes; send fewer entries at once");
    }

    int maxBytes() {
        return maxBytes;
    }
}
