package io.deltaforge.checkpoint;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps checkpoints through crashes. Thread-safe. Every method throws {@link CheckpointException} when the store fails. */
public interface CheckpointStore extends AutoCloseable {

    /** The text of the position last saved, or {@code null}. */
    @Nullable
    String load(CheckpointKey key);

    /** Replaces these checkpoints, all or none; durable when it returns. */
    void save(Map<CheckpointKey, String> positions);

    @Override
    void close();
}
