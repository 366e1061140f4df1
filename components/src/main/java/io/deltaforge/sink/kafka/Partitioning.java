package io.deltaforge.sink.kafka;

import io.deltaforge.spi.Setting;
import io.deltaforge.spi.Word;
import org.jspecify.annotations.Nullable;

/** Which partition of its topic a record goes to. */
public record Partitioning(
        @Setting(doc = "Whether the block counts.", value = "true")
        boolean enabled,

        @Setting(
                doc = "hash: what has the same value in `key_field` goes to the same partition, the one that every Java"
                        + " client would choose for it. round-robin: each in turn, exactly even. random: any, each as"
                        + " likely. With the last two nothing is in order but what meets on a partition.",
                value = "hash")
        Strategy strategy,

        @Setting(
                doc =
                        "With hash: the column of a row (the new row's, a deleted row's old one), or the field of a log line"
                                + " (JSON or logfmt; dots lead into objects), else its label of this name. Its bytes are the"
                                + " record's key. Without a value the record has no key, goes anywhere, and is counted.")
        @Nullable
        String keyField) {

    /** How a partition is chosen. */
    public enum Strategy {
        HASH,
        @Word("round-robin")
        ROUND_ROBIN,
        RANDOM
    }

    public Partitioning {
        if (enabled && strategy == Strategy.HASH && (keyField == null || keyField.isBlank())) {
            throw new IllegalArgumentException(
                    "key_field must name the field that is hashed, e.g. key_field: tenant_id");
        }
    }

    /** The field that makes the record's key; {@code null} when none does. */
    @Nullable
    String hashedField() {
        return enabled && strategy == Strategy.HASH ? keyField : null;
    }
}
