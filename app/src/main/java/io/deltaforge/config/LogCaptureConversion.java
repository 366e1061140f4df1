package io.deltaforge.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes a pipeline file of a file in the log-capture dialect: a pure function. Every parameter of the dialect is in the
 * result, with the dialect's default where nothing is written; variables stay as they are written, but for those in
 * values that are written differently in a pipeline file ({@link #CALCULATED}).
 */
final class LogCaptureConversion {
    /** Values that decide about the result, or are counted in other units there. */
    static final Set<String> CALCULATED = Set.of(
            "sinks.kafka.enabled",
            "sinks.kafka.batch_timeout",
            "sinks.kafka.timeout",
            "sinks.kafka.exactly_once",
            "sinks.kafka.auth.enabled",
            "sinks.kafka.tls.enabled",
            "sinks.kafka.dlq_config.enabled");

    static final String SINK_PATH = "spec.sinks[0].config";
    private static final String KAFKA_PATH = "sinks.kafka";
    private static final Map<String, String> BREAKER =
            defaults("enabled", "true", "failure_threshold", "10", "success_threshold", "2", "timeout", "60s");
    private static final Map<String, String> ROUTING = defaults("by_label", "true", "by_level", "true");

    /** As in a pipeline file, and room for a few batches. */
    private static final int LEAST_LETTERS = 10_000;

    private static final int BATCHES_OF_LETTERS = 10;

    private final WrittenBlock file;
    private final WrittenBlock kafka;
    private final LogCaptureKafka bound;
    private final Origins origins = new Origins();
    private final List<String> notes = new ArrayList<>();

    private LogCaptureConversion(Node.Mapping written, LogCaptureKafka bound) {
        this.file = new WrittenBlock(written, LogCaptureFile.class, "");
        this.kafka = file.blockOrDefaults("sinks", LogCaptureFile.Sinks.class)
                .blockOrDefaults("kafka", LogCaptureKafka.class);
        this.bound = bound;
    }

    /**
     * @param pipeline every node stands where what it came from does
     * @param notes what a reader of the result should know, a line each
     */
    record Converted(Node.Mapping pipeline, Origins origins, List<String> notes) {}

    /**
     * @param written a file without a problem
     * @param bound the same file
     * @param name what the pipeline is called when the file does not say so
     */
    static Converted convert(Node.Mapping written, LogCaptureFile bound, String name) {
        return new LogCaptureConversion(written, bound.sinks().kafka()).convert(name);
    }

    private Converted convert(String name) {
        Place top = file.mapping().place();
        TreeBlock root = new TreeBlock("", top, origins);
        root.put("apiVersion", PipelineFile.API_VERSION);
        root.put("kind", PipelineFile.KIND);
        root.block("metadata", top, "name")
                .put("name", file.node("name").orElse(new Node.Scalar(name, false, top)), "name");
        TreeBlock spec = root.block("spec", top, "");
        source(spec);
        TreeBlock entry = new TreeBlock("spec.sinks[0]", kafka.mapping().place(), origins);
        entry.put("type", "kafka");
        origins.put("spec.sinks[0]", KAFKA_PATH);
        sink(entry.block("config", kafka.mapping().place(), KAFKA_PATH));
        spec.put(
                "sinks",
                new Node.Sequence(List.of(entry.node()), kafka.mapping().place()),
                KAFKA_PATH);
        batch(spec.block("batch", kafka.mapping().place(), KAFKA_PATH));
        kafka.block("dlq_config", LogCaptureKafka.DeadLetterQueue.class).ifPresent(dlq -> journal(spec, dlq));
        return new Converted(root.node(), origins, List.copyOf(notes));
    }

    private void source(TreeBlock spec) {
        Node.Mapping sources = (Node.Mapping) file.node("sources").orElseThrow();
        String type = sources.entries().firstEntry().getKey();
        Node.Entry written = sources.entries().firstEntry().getValue();
        Place place = written.key();
        String path = "sources." + type;
        TreeBlock source = spec.block("source", place, path);
        source.put("type", new Node.Scalar(type, false, place), path);
        if (!(written.value() instanceof Node.Mapping settings)) {
            Node config = written.value().isNothing() ? Node.Mapping.empty(place) : written.value();
            source.putCopied("config", config instanceof Node.Mapping none ? named(none, type) : config, path);
            return;
        }
        source.putCopied("config", named(settings, type), path);
    }

    /** A source's name is its type unless it has one. */
    private static Node.Mapping named(Node.Mapping settings, String type) {
        return settings.get("id") != null ? settings : withFirst(settings, "id", type);
    }

    private static Node.Mapping withFirst(Node.Mapping mapping, String key, String text) {
        LinkedHashMap<String, Node.Entry> entries = new LinkedHashMap<>();
        entries.put(key, new Node.Entry(mapping.place(), new Node.Scalar(text, false, mapping.place())));
        mapping.without(key).entries().forEach(entries::put);
        return new Node.Mapping(entries, mapping.place());
    }

    private void sink(TreeBlock sink) {
        sink.put("id", "kafka");
        sink.put("brokers", brokers(), kafka.pathOf("brokers"));
        copy(kafka, "topic", sink, "topic");
        copy(kafka, "queue_size", sink, "queue_size");
        copy(kafka, "retry_max", sink, "retry_max");
        Duration timeout = bound.timeout();
        put(
                sink,
                "send_timeout_secs",
                "timeout",
                Long.toString(timeout.plusMillis(999).toSeconds()));
        sink.putCopied("envelope", written("envelope"), kafka.pathOf("envelope"));
        if (kafka.isWritten("exactly_once")) {
            copy(kafka, "exactly_once", sink, "exactly_once");
        }
        kafka.block("partitioning", LogCaptureKafka.Partitioning.class)
                .ifPresent(block -> copyAll(block, sink, "partitioning", Set.of()));
        withDefaults("routing", sink, ROUTING);
        copyAll(
                kafka.blockOrDefaults("backpressure_config", LogCaptureKafka.Backpressure.class),
                sink,
                "backpressure",
                Set.of());
        withDefaults("circuit_breaker", sink, BREAKER);
        if (bound.dlqConfig() != null && bound.dlqConfig().enabled()) {
            WrittenBlock dlq = kafka.blockOrDefaults("dlq_config", LogCaptureKafka.DeadLetterQueue.class);
            copyAll(dlq, sink, "dlq", Set.of("enabled", "reprocessing_config"));
        }
        if (kafka.isWritten("create_topics")) {
            sink.putCopied("create_topics", written("create_topics"), kafka.pathOf("create_topics"));
        }
        new LogCaptureClientConf(kafka, bound).put(sink, origins);
    }

    private Node written(String key) {
        return kafka.node(key).orElseThrow();
    }

    private void batch(TreeBlock batch) {
        copy(kafka, "batch_size", batch, "max_events");
        put(batch, "max_ms", "batch_timeout", Long.toString(bound.batchTimeout().toMillis()));
    }

    private void journal(TreeBlock spec, WrittenBlock dlq) {
        TreeBlock journal = spec.block("journal", dlq.mapping().place(), dlq.path());
        copy(dlq, "enabled", journal, "enabled");
        TreeBlock queue = journal.block("dlq", dlq.mapping().place(), dlq.path());
        queue.put("max_entries", Integer.toString(Math.max(LEAST_LETTERS, BATCHES_OF_LETTERS * bound.batchSize())));
        dlq.block("reprocessing_config", LogCaptureKafka.Reprocessing.class)
                .ifPresent(reprocessing -> copyAll(reprocessing, queue, "reprocessing", Set.of()));
    }

    /** A block of the dialect's defaults under what is written. */
    private void withDefaults(String key, TreeBlock target, Map<String, String> defaults) {
        Node written = kafka.mapping().get(key);
        if (written != null && !(written instanceof Node.Mapping)) {
            target.putCopied(key, written, kafka.pathOf(key)); // the binder says what is wrong with it
            return;
        }
        Node.Mapping block = written instanceof Node.Mapping given
                ? given
                : Node.Mapping.empty(kafka.mapping().place());
        LinkedHashMap<String, Node.Entry> entries = new LinkedHashMap<>();
        defaults.forEach((name, text) -> {
            boolean isMisspelt = block.entries().keySet().stream()
                    .filter(given -> given.equals(name) || !defaults.containsKey(given))
                    .anyMatch(
                            given -> EditDistance.nearest(given, List.of(name)).isPresent());
            if (!isMisspelt) { // nor written: the binder asks whether what is missing was meant
                Node.Scalar value = new Node.Scalar(text, false, block.place());
                entries.put(name, new Node.Entry(block.place(), value));
            }
        });
        entries.putAll(block.entries());
        target.putCopied(key, new Node.Mapping(entries, block.place()), kafka.pathOf(key));
    }

    /** A value that is calculated from what is written. */
    private void put(TreeBlock target, String key, String from, String value) {
        Node written = kafka.node(from).orElseThrow();
        target.put(key, new Node.Scalar(value, false, written.place()), kafka.pathOf(from));
        if (written instanceof Node.Scalar scalar && scalar.text().contains("${")) {
            notes.add(kafka.pathOf(from) + ": " + scalar.text() + " was put in as it is now: " + target.pathOf(key)
                    + " is " + value);
        }
    }

    private static void copy(WrittenBlock from, String key, TreeBlock target, String targetKey) {
        from.node(key).ifPresent(node -> target.put(targetKey, node, from.pathOf(key)));
    }

    /** All keys of a block under the same names. */
    private static void copyAll(WrittenBlock from, TreeBlock target, String targetKey, Set<String> but) {
        TreeBlock block = target.block(targetKey, from.mapping().place(), from.path());
        for (Key key : from.keys()) {
            if (!but.contains(key.name())) {
                copy(from, key.name(), block, key.name());
            }
        }
    }

    private Node brokers() {
        @Nullable Node list = kafka.mapping().get("brokers");
        String brokers = list instanceof Node.Sequence sequence
                ? sequence.items().stream()
                        .map(item -> ((Node.Scalar) item).text().strip())
                        .collect(Collectors.joining(","))
                : "";
        return new Node.Scalar(brokers, false, list == null ? kafka.mapping().place() : list.place());
    }

    private static Map<String, String> defaults(String... keysAndValues) {
        Map<String, String> defaults = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            defaults.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return defaults;
    }
}
