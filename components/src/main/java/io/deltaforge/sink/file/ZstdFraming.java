package io.deltaforge.sink.file;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import io.deltaforge.spi.storage.DurableFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A zstd frame with a checksum for each sync (RFC 8878): frames one after the other are one zstd file to every reader. */
record ZstdFraming() implements Framing {
    private static final long MAGIC = 0xFD2F_B528L;
    private static final int MAX_HEADER_LENGTH = 18;
    private static final int CHECKSUM_LENGTH = 4;

    @Override
    public String ending() {
        return ".jsonl.zst";
    }

    @Override
    public OutputStream frame(OutputStream out) throws IOException {
        return new ZstdOutputStream(out).setChecksum(true);
    }

    /** The frames whose checksum is right. */
    @Override
    public long intactLength(DurableFile file) throws IOException {
        long length = file.length();
        long intact = 0;
        while (true) {
            long end = endOfFrame(file, intact, length);
            if (end < 0 || !decompresses(file, intact, end)) {
                return intact;
            }
            intact = end;
        }
    }

    /** Where the frame that begins here says it ends; -1 when it is none of ours or not whole. */
    private static long endOfFrame(DurableFile file, long start, long length) throws IOException {
        byte[] header = new byte[MAX_HEADER_LENGTH];
        if (file.read(header, MAX_HEADER_LENGTH, start) < 6 || LittleEndian.number(header, 0, 4) != MAGIC) {
            return -1;
        }
        long at = start + headerLength(header[4] & 0xff);
        byte[] block = new byte[3];
        boolean last = false;
        while (!last) {
            if (file.read(block, block.length, at) < block.length) {
                return -1;
            }
            long head = LittleEndian.number(block, 0, block.length);
            boolean repeated = (head >> 1 & 3) == 1;
            at += block.length + (repeated ? 1 : head >> 3);
            last = (head & 1) == 1;
        }
        long end = at + CHECKSUM_LENGTH;
        return end <= length ? end : -1;
    }

    /** RFC 8878, section 3.1.1.1: magic number, descriptor, window, dictionary, content size. */
    private static int headerLength(int descriptor) {
        boolean singleSegment = (descriptor >> 5 & 1) == 1;
        int dictionary = new int[] {0, 1, 2, 4}[descriptor & 3];
        int contentSize = new int[] {singleSegment ? 1 : 0, 2, 4, 8}[descriptor >> 6];
        return 4 + 1 + (singleSegment ? 0 : 1) + dictionary + contentSize;
    }

    private static boolean decompresses(DurableFile file, long start, long end) throws IOException {
        FileRange range = new FileRange(file, start, end);
        try (ZstdInputStream in = new ZstdInputStream(range)) {
            in.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (IOException e) {
            if (range.failed) {
                throw e;
            }
            return false;
        }
    }

    /** A part of a file. */
    private static final class FileRange extends InputStream {
        private final DurableFile file;
        private final long end;
        private long at;
        private boolean failed;

        FileRange(DurableFile file, long start, long end) {
            this.file = file;
            this.at = start;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            byte[] bytes = new byte[(int) Math.min(length, end - at)];
            try {
                int count = file.read(bytes, bytes.length, at);
                System.arraycopy(bytes, 0, into, from, count);
                at += count;
                return count == 0 ? -1 : count;
            } catch (IOException e) {
                failed = true;
                throw e;
            }
        }
    }
}
