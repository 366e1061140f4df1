package io.deltaforge.sink.file;

import io.deltaforge.spi.storage.DurableFile;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;

/** A gzip member for each sync (RFC 1952): members one after the other are one gzip file to every reader. */
record GzipFraming() implements Framing {
    private static final int HEADER_LENGTH = 10;
    private static final int TRAILER_LENGTH = 8;

    @Override
    public String ending() {
        return ".jsonl.gz";
    }

    @Override
    public OutputStream frame(OutputStream out) throws IOException {
        return new GZIPOutputStream(out, 1 << 13);
    }

    /** The members whose checksum and length are right. */
    @Override
    public long intactLength(DurableFile file) throws IOException {
        Inflater inflater = new Inflater(true);
        try {
            long intact = 0;
            while (true) {
                inflater.reset();
                long end = endOfMember(file, intact, inflater);
                if (end < 0) {
                    return intact;
                }
                intact = end;
            }
        } finally {
            inflater.end();
        }
    }

    /** Where the member that begins here ends; -1 when it is none of ours or not whole. */
    private static long endOfMember(DurableFile file, long start, Inflater inflater) throws IOException {
        byte[] header = new byte[HEADER_LENGTH];
        boolean ours = file.read(header, HEADER_LENGTH, start) == HEADER_LENGTH
                && header[0] == 0x1f
                && header[1] == (byte) 0x8b
                && header[2] == 8
                && header[3] == 0;
        CRC32 crc = new CRC32();
        if (!ours || !inflates(file, start + HEADER_LENGTH, inflater, crc)) {
            return -1;
        }
        long trailerStart = start + HEADER_LENGTH + inflater.getBytesRead();
        byte[] trailer = new byte[TRAILER_LENGTH];
        boolean whole = file.read(trailer, TRAILER_LENGTH, trailerStart) == TRAILER_LENGTH
                && LittleEndian.number(trailer, 0, 4) == crc.getValue()
                && LittleEndian.number(trailer, 4, 4) == (inflater.getBytesWritten() & 0xffff_ffffL);
        return whole ? trailerStart + TRAILER_LENGTH : -1;
    }

    private static boolean inflates(DurableFile file, long start, Inflater inflater, CRC32 crc) throws IOException {
        byte[] in = new byte[1 << 15];
        byte[] out = new byte[1 << 16];
        long at = start;
        try {
            while (!inflater.finished()) {
                if (inflater.needsInput()) {
                    int count = file.read(in, in.length, at);
                    if (count == 0) {
                        return false;
                    }
                    inflater.setInput(in, 0, count);
                    at += count;
                }
                crc.update(out, 0, inflater.inflate(out));
                if (inflater.needsDictionary()) {
                    return false;
                }
            }
            return true;
        } catch (DataFormatException e) {
            return false;
        }
    }
}
