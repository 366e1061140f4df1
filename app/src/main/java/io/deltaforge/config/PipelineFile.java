package io.deltaforge.config;

import io.deltaforge.spi.BatchPolicy;
import io.deltaforge.spi.CommitPolicy;
import io.deltaforge.spi.Setting;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.Source;
import io.deltaforge.spi.SpoolPolicy;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A pipeline file as it is written. */
record PipelineFile(
        @Setting(doc = "The version of this format: `deltaforge/v1`.", key = "apiVersion")
        String apiVersion,

        @Setting(doc = "What the file describes: `Pipeline`.")
        String kind,

        @Setting(doc = "What the pipeline is called.") Metadata metadata,

        @Setting(doc = "What the pipeline does.") Spec spec) {

    static final String API_VERSION = "deltaforge/v1";
    static final String KIND = "Pipeline";

    PipelineFile {
        require(apiVersion.equals(API_VERSION), "apiVersion must be " + API_VERSION);
        require(kind.equals(KIND), "kind must be " + KIND);
    }

    /** The block {@code metadata}. */
    record Metadata(
            @Setting(
                    doc =
                            "The pipeline's name: in metrics, logs, checkpoints and the REST API. Letters, digits, `.`, `_`"
                                    + " and `-`.")
            String name,

            @Setting(doc = "Whom the pipeline belongs to.") @Nullable
            String tenant,

            @Setting(doc = "Your own notes on the pipeline; the REST API shows them.", value = "{}")
            Map<String, String> labels) {

        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

        Metadata {
            require(
                    NAME.matcher(name).matches(),
                    "name must be letters, digits, '.', '_' and '-', begin with a letter or digit and have at most 200");
        }
    }

    /** The block {@code spec}. */
    record Spec(
            @Setting(doc = "Where the events come from.") Source source,

            @Setting(doc = "What changes, drops or adds events on their way. There are none yet.", value = "[]")
            List<Processor> processors,

            @Setting(doc = "Where the events go: one or more, each with its own checkpoint.")
            List<Sink> sinks,

            @Setting(doc = "When a batch is full.", value = "{}")
            BatchPolicy batch,

            @Setting(doc = "Which sinks must hold an event durably before the source may forget it.", value = "{}")
            CommitPolicy commitPolicy,

            @Setting(
                    doc =
                            "How much may wait on disk, below the data directory, for each sink with `required: false` that"
                                    + " does not keep up.",
                    value = "{}")
            SpoolPolicy spool) {

        Spec {
            require(!sinks.isEmpty(), "sinks must name at least one sink");
            require(
                    commitPolicy.mode() != CommitPolicy.Mode.QUORUM || commitPolicy.quorum() <= sinks.size(),
                    "commit_policy: a quorum of " + commitPolicy.quorum() + " can never be reached by " + sinks.size()
                            + (sinks.size() == 1 ? " sink" : " sinks"));
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
