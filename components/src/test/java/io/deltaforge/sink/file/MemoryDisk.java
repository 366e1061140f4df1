package io.deltaforge.sink.file;

import io.deltaforge.spi.storage.DurableFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A disk that can be full and whose power can be cut at any moment. Of what was written and not synced it then keeps
 * whatever chance keeps: any of the writes, whole, torn, or as blocks of zeros. Thread-safe.
 */
final class MemoryDisk implements Disk {
    private static final int BLOCK = 64;

    private final SortedMap<String, Content> files = new TreeMap<>();
    private int operationsLeft = Integer.MAX_VALUE;
    private long capacity = Long.MAX_VALUE;
    private int syncs;
    private Runnable beforeSync = () -> {};

    private static final class Content {
        byte[] synced = new byte[0];
        byte[] now = new byte[0];
        final List<Write> unsynced = new ArrayList<>();
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Write(byte[] bytes, long at) {}

    /** After so many more of them every operation fails, as if the power had gone. */
    synchronized void failAfter(int operations) {
        operationsLeft = operations;
    }

    synchronized boolean hasFailed() {
        return operationsLeft < 0;
    }

    synchronized void holdAtMost(long bytes) {
        capacity = bytes;
    }

    synchronized int syncs() {
        return syncs;
    }

    /** Runs before each sync from now on, on the thread that writes. */
    synchronized void beforeSync(Runnable what) {
        beforeSync = what;
    }

    /** A file's bytes, by its name. */
    synchronized SortedMap<String, byte[]> contents() {
        SortedMap<String, byte[]> contents = new TreeMap<>();
        files.forEach((name, content) -> contents.put(name, content.now.clone()));
        return contents;
    }

    synchronized void put(String name, byte[] bytes) {
        Content content = new Content();
        content.synced = bytes.clone();
        content.now = bytes.clone();
        files.put(name, content);
    }

    /** The disk after the power is back. This one may go on, but what it does leaves no trace. */
    synchronized MemoryDisk cutPower(Random chance) {
        MemoryDisk next = new MemoryDisk();
        for (Map.Entry<String, Content> file : files.entrySet()) {
            byte[] left = file.getValue().synced;
            for (Write write : file.getValue().unsynced) {
                left = chance.nextInt(3) == 0 ? left : torn(left, write, chance);
            }
            next.put(file.getKey(), left);
        }
        return next;
    }

    private static byte[] torn(byte[] old, Write write, Random chance) {
        byte[] bytes = write.bytes.clone();
        if (chance.nextInt(4) == 0) {
            // the file has grown, and a block of it was never written
            int from = chance.nextInt(bytes.length);
            Arrays.fill(bytes, from, Math.min(bytes.length, from + BLOCK), (byte) 0);
        }
        int kept = chance.nextBoolean() ? chance.nextInt(bytes.length + 1) : bytes.length;
        return with(old, bytes, kept, write.at);
    }

    private static byte[] with(byte[] old, byte[] bytes, int length, long at) {
        byte[] written = Arrays.copyOf(old, Math.max(old.length, (int) at + length));
        System.arraycopy(bytes, 0, written, (int) at, length);
        return written;
    }

    private void operate() throws IOException {
        if (--operationsLeft < 0) {
            operationsLeft = -1;
            throw new IOException("the power is gone");
        }
    }

    @Override
    public void open() {}

    @Override
    public synchronized List<String> namesEnding(String ending) {
        return files.keySet().stream().filter(name -> name.endsWith(ending)).toList();
    }

    @Override
    public synchronized boolean exists(String name) {
        return files.containsKey(name);
    }

    @Override
    public synchronized DurableFile create(String name) throws IOException {
        operate();
        if (files.putIfAbsent(name, new Content()) != null) {
            throw new FileAlreadyExistsException(name);
        }
        return open(name);
    }

    @Override
    public synchronized DurableFile open(String name) {
        return new FileInMemory(files.get(name));
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        operate();
        if (exists(to)) {
            throw new FileAlreadyExistsException(to);
        }
        files.put(to, files.remove(from));
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        operate();
        files.remove(name);
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "memory";
    }

    private final class FileInMemory implements DurableFile {
        private final Content content;

        FileInMemory(Content content) {
            this.content = content;
        }

        @Override
        public void write(byte[] bytes, int length, long at) throws IOException {
            synchronized (MemoryDisk.this) {
                long others = files.values().stream()
                        .filter(file -> file != content)
                        .mapToLong(file -> file.now.length)
                        .sum();
                int fits = Math.clamp(capacity - others - at, 0, length);
                if (fits < length || operationsLeft == 0) {
                    put(bytes, operationsLeft == 0 ? length / 2 : fits, at);
                    operate();
                    throw new IOException("No space left on device");
                }
                operate();
                put(bytes, length, at);
            }
        }

        private void put(byte[] bytes, int length, long at) {
            content.unsynced.add(new Write(Arrays.copyOf(bytes, length), at));
            content.now = with(content.now, bytes, length, at);
        }

        @Override
        public int read(byte[] into, int length, long at) {
            synchronized (MemoryDisk.this) {
                int count = Math.clamp(content.now.length - at, 0, length);
                System.arraycopy(content.now, (int) Math.min(at, content.now.length), into, 0, count);
                return count;
            }
        }

        @Override
        public long length() {
            synchronized (MemoryDisk.this) {
                return content.now.length;
            }
        }

        @Override
        public void truncate(long length) throws IOException {
            synchronized (MemoryDisk.this) {
                operate();
                content.now = Arrays.copyOf(content.now, (int) length);
                content.synced = content.now.clone();
                content.unsynced.clear();
            }
        }

        @Override
        public void force() throws IOException {
            beforeSync.run();
            synchronized (MemoryDisk.this) {
                operate();
                syncs++;
                content.synced = content.now.clone();
                content.unsynced.clear();
            }
        }

        @Override
        public void close() {}
    }
}
