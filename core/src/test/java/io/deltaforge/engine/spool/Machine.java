package io.deltaforge.engine.spool;

import io.deltaforge.checkpoint.CheckpointKey;
import io.deltaforge.checkpoint.CheckpointStore;
import io.deltaforge.spi.storage.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A machine in memory whose power can be cut at any moment. Of what was written and not synced it then keeps whatever
 * chance keeps: any of the writes, whole or torn, as a real disk may. Thread-safe.
 */
public final class Machine {
    private final Map<Path, Map<String, Content>> folders = new HashMap<>();
    private final Map<CheckpointKey, String> checkpoints = new HashMap<>();
    private int operationsLeft = Integer.MAX_VALUE;
    private Runnable afterWrite = () -> {};

    /** A file: what is on the platter, and the writes that are not yet. */
    static final class Content {
        byte[] synced = new byte[0];
        byte[] now = new byte[0];
        final List<Write> unsynced = new ArrayList<>();
    }

    @SuppressWarnings("ArrayRecordComponent")
    record Write(byte[] bytes, long at) {}

    /** After so many more of them every operation fails, as if the power had gone. */
    public synchronized void failAfter(int operations) {
        operationsLeft = operations;
    }

    /** Runs after each write from now on, on the writer's thread: for what another thread may do just then. */
    public synchronized void afterWrite(Runnable what) {
        afterWrite = what;
    }

    public synchronized boolean hasFailed() {
        return operationsLeft < 0;
    }

    private void operate() throws IOException {
        if (--operationsLeft < 0) {
            operationsLeft = -1;
            throw new IOException("the power is gone");
        }
    }

    /** The machine that comes up again. This one may go on, but what it does leaves no trace. */
    public synchronized Machine cutPower(Random chance) {
        Machine next = new Machine();
        next.checkpoints.putAll(checkpoints);
        folders.forEach((path, files) -> files.forEach((name, content) -> {
            Content left = new Content();
            left.synced = content.synced;
            for (Write write : content.unsynced) {
                int kept = chance.nextBoolean() ? chance.nextInt(write.bytes.length + 1) : write.bytes.length;
                if (chance.nextInt(3) > 0 && kept > 0) {
                    left.synced = with(left.synced, write.bytes, kept, write.at);
                }
            }
            left.now = left.synced;
            next.files(path).put(name, left);
        }));
        return next;
    }

    private Map<String, Content> files(Path folder) {
        return folders.computeIfAbsent(folder, path -> new HashMap<>());
    }

    private static byte[] with(byte[] old, byte[] bytes, int length, long at) {
        byte[] written = Arrays.copyOf(old, Math.max(old.length, (int) at + length));
        System.arraycopy(bytes, 0, written, (int) at, length);
        return written;
    }

    /** The bytes of a file as a program sees them. */
    public synchronized byte[] bytes(Path folder, String name) {
        return files(folder).get(name).now.clone();
    }

    /** Puts a file there, synced. */
    public synchronized void put(Path folder, String name, byte[] bytes) {
        Content content = new Content();
        content.synced = bytes.clone();
        content.now = bytes.clone();
        files(folder).put(name, content);
    }

    public synchronized long bytesUsed(Path folder) {
        return files(folder).values().stream()
                .mapToLong(content -> content.now.length)
                .sum();
    }

    public SpoolDisk disk(Path folder) {
        return new Disk(folder);
    }

    private final class Disk implements SpoolDisk {
        private final Path folder;

        Disk(Path folder) {
            this.folder = folder;
        }

        @Override
        public List<String> files() {
            synchronized (Machine.this) {
                return List.copyOf(Machine.this.files(folder).keySet());
            }
        }

        @Override
        public DurableFile create(String name) throws IOException {
            synchronized (Machine.this) {
                operate();
                Machine.this.files(folder).put(name, new Content());
                return open(name);
            }
        }

        @Override
        public DurableFile open(String name) throws IOException {
            synchronized (Machine.this) {
                Content content = Machine.this.files(folder).get(name);
                if (content == null) {
                    throw new IOException("no file " + name);
                }
                return new OpenFile(content);
            }
        }

        @Override
        public void delete(String name) throws IOException {
            synchronized (Machine.this) {
                operate();
                Machine.this.files(folder).remove(name);
            }
        }

        @Override
        public String toString() {
            return folder.toString();
        }
    }

    private final class OpenFile implements DurableFile {
        private final Content content;

        OpenFile(Content content) {
            this.content = content;
        }

        @Override
        public void write(byte[] bytes, int length, long at) throws IOException {
            synchronized (Machine.this) {
                if (operationsLeft == 0) {
                    // the last one is half done
                    content.unsynced.add(new Write(Arrays.copyOf(bytes, length / 2), at));
                }
                operate();
                content.unsynced.add(new Write(Arrays.copyOf(bytes, length), at));
                content.now = with(content.now, bytes, length, at);
                afterWrite.run();
            }
        }

        @Override
        public int read(byte[] into, int length, long at) {
            synchronized (Machine.this) {
                int count = Math.clamp(content.now.length - at, 0, length);
                System.arraycopy(content.now, (int) Math.min(at, content.now.length), into, 0, count);
                return count;
            }
        }

        @Override
        public long length() {
            synchronized (Machine.this) {
                return content.now.length;
            }
        }

        @Override
        public void truncate(long length) throws IOException {
            synchronized (Machine.this) {
                operate();
                content.now = Arrays.copyOf(content.now, (int) length);
                content.synced = content.now.clone();
                content.unsynced.clear();
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (Machine.this) {
                operate();
                for (Write write : content.unsynced) {
                    content.synced = with(content.synced, write.bytes, write.bytes.length, write.at);
                }
                content.unsynced.clear();
            }
        }

        @Override
        public void close() {}
    }

    /** Checkpoints that are as durable as the machine's synced files. */
    public CheckpointStore checkpoints() {
        return new CheckpointStore() {
            @Override
            public String load(CheckpointKey key) {
                synchronized (Machine.this) {
                    return checkpoints.get(key);
                }
            }

            @Override
            public void save(Map<CheckpointKey, String> positions) {
                synchronized (Machine.this) {
                    checkpoints.putAll(positions);
                }
            }

            @Override
            public void close() {}
        };
    }
}
