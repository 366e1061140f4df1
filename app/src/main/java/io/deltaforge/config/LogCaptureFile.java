package io.deltaforge.config;

import io.deltaforge.spi.Setting;
import org.jspecify.annotations.Nullable;

/**
 * A file of the log-capture dialect as it is written: one source, and the sink {@code kafka} with its settings. {@link
 * LogCaptureDialect} makes the pipeline file of it.
 */
record LogCaptureFile(
        @Setting(doc = "What the pipeline is called; without it, what the file is, without its extension.") @Nullable
        String name,

        @Setting(
                doc = "Where the lines come from: one source, by its type, with its settings below it, e.g."
                        + " `logs: {include: [\"/var/log/*.log\"]}`. Its `id` is its type unless it is given.")
        @Nullable
        SourceByType sources,

        @Setting(doc = "Where the lines go.") Sinks sinks) {

    /** A source under its type; its settings are checked in the pipeline file that comes of it. */
    record SourceByType(String type) {}

    /** A setting that means what it means in a pipeline file, and is checked there. */
    record AsInPipeline() {
        static final AsInPipeline INSTANCE = new AsInPipeline();
    }

    /** The block {@code sinks}. */
    record Sinks(@Setting(doc = "The sink `kafka`.") LogCaptureKafka kafka) {

        Sinks {
            if (!kafka.enabled()) {
                throw new IllegalArgumentException(
                        "kafka is off, and so no sink is left: write enabled: true among its settings");
            }
        }
    }
}
