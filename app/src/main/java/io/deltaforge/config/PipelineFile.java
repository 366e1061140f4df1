package io.deltaforge.config;

import io.deltaforge.spi.BatchPolicy;
import io.deltaforge.spi.CommitPolicy;
import io.deltaforge.spi.Dlq;
import io.deltaforge.spi.JournalPolicy;
import io.deltaforge.spi.Setting;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.Source;
import io.deltaforge.spi.SpoolPolicy;
import io.deltaforge.spi.TransactionalSink;
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
            List<SinkEntry> sinks,

            @Setting(doc = "When a batch is full.", value = "{}")
            BatchPolicy batch,

            @Setting(doc = "Which sinks must hold an event durably before the source may forget it.", value = "{}")
            CommitPolicy commitPolicy,

            @Setting(
                    doc =
                            "How much may wait on disk, below the data directory, for each sink with `required: false` that"
                                    + " does not keep up.",
                    value = "{}")
            SpoolPolicy spool,

            @Setting(
                    doc = "What becomes of events that a sink can never deliver (too large, no legal topic, not to be"
                            + " written): kept below the data directory, for `deltaforge dlq`.",
                    value = "{}")
            JournalPolicy journal,

            @Setting(doc = "Where such events go instead: `type: kafka` is a dead letter topic.") @Nullable
            Dlq dlq,

            @Setting(
                    doc =
                            "Seconds after which a batch that a sink has neither acknowledged nor failed is sent again, with all"
                                    + " after it. For a sink that may hang; those that are built in have timeouts of their own,"
                                    + " which say more about what went wrong. It must be longer than a whole batch ever takes.")
            @Nullable
            Integer sinkBatchDeadlineSecs) {

        Spec {
            require(!sinks.isEmpty(), "sinks must name at least one sink");
            require(
                    sinkBatchDeadlineSecs == null || sinkBatchDeadlineSecs >= 1,
                    "sink_batch_deadline_secs must be at least 1");
            require(
                    commitPolicy.mode() != CommitPolicy.Mode.QUORUM || commitPolicy.quorum() <= sinks.size(),
                    "commit_policy: a quorum of " + commitPolicy.quorum() + " can never be reached by " + sinks.size()
                            + (sinks.size() == 1 ? " sink" : " sinks"));
            require(
                    batch.respectSourceTx() || plain(sinks).stream().noneMatch(TransactionalSink.class::isInstance),
                    "batch.respect_source_tx: false lets a batch end inside a transaction; a sink with exactly_once: true"
                            + " needs it to be true");
            if (dlq != null) {
                require(!journal.enabled(), "dlq cannot stand beside journal.enabled: keep one of the two queues");
                attach(dlq, plain(sinks));
            }
        }
    }

    /** Without what each is given. */
    static List<Sink> plain(List<SinkEntry> sinks) {
        return sinks.stream().map(SinkEntry::sink).toList();
    }

    private static void attach(Dlq dlq, List<Sink> sinks) {
        try {
            dlq.attach(sinks);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("dlq: " + e.getMessage(), e);
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
