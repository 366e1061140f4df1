package io.deltaforge.sink.http;

import io.deltaforge.spi.Encoding;
import io.deltaforge.spi.Envelope;
import io.deltaforge.spi.Secret;
import io.deltaforge.spi.Setting;
import io.deltaforge.spi.Template;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Settings of {@code type: http}. */
public record HttpSinkConfig(
        @Setting(doc = "Name of the sink in metrics, logs and checkpoints; unique in the pipeline.")
        String id,

        @Setting(
                doc =
                        "Where the events are sent; a template, e.g. `https://hooks.example.com/${source.table}`. Places may"
                                + " stand after the host; their values are percent-encoded. Messages show no more of it than"
                                + " the host.")
        Template url,

        @Setting(doc = "`POST` or `PUT`.", value = "POST") Method method,

        @Setting(
                doc =
                        "Headers of every request, e.g. `Authorization: Bearer ${TOKEN}`. Their values are shown nowhere.",
                value = "{}")
        Map<String, Secret> headers,

        @Setting(
                doc =
                        "single: a request for each event, with the headers `event-id` and `Idempotency-Key`. batch: a request"
                                + " for many events, with `Idempotency-Key`.",
                value = "single")
        Mode mode,

        @Setting(doc = "With mode batch: a JSON array, or a line for each event (ndjson).", value = "array")
        BatchFormat batchFormat,

        @Setting(doc = "With mode batch: most events in a request.", value = "500")
        int maxBatchEvents,

        @Setting(
                doc = "With mode batch: most bytes in a request; an event that is larger by itself is sent alone.",
                value = "1048576")
        int maxBatchBytes,

        @Setting(
                doc =
                        "Most requests on the way at once. With 1 all events arrive in commit order. With more, only the events"
                                + " of one key (or of one table without a key) do.",
                value = "1")
        int maxInflight,

        @Setting(doc = "How long an answer may take until the request is sent again.", value = "30s")
        Duration timeout,

        @Setting(doc = "How long connecting may take.", value = "10s")
        Duration connectTimeout,

        @Setting(doc = "PEM file of the certificates to trust, instead of those that Java trusts.") @Nullable
        String caFile,

        @Setting(doc = "Structure of each event.", value = "native")
        Envelope envelope,

        @Setting(doc = "Bytes of each event; with mode batch it must be JSON.", value = "json")
        Encoding encoding,

        @Setting(doc = "Whether the source must keep what this sink does not hold yet.", value = "true")
        boolean required) {

    private static final Set<String> OURS = Set.of("event-id", "idempotency-key");

    /** What is done with the URL. */
    public record Method(String name) {
        public static Method parse(String text) {
            String name = text.toUpperCase(Locale.ROOT);
            require(name.equals("POST") || name.equals("PUT"), "must be POST or PUT, but is \"" + text + "\"");
            return new Method(name);
        }
    }

    /** How many events a request carries. */
    public enum Mode {
        SINGLE,
        BATCH
    }

    /** How several events lie in a body. */
    public enum BatchFormat {
        ARRAY,
        NDJSON
    }

    public HttpSinkConfig {
        headers = Map.copyOf(headers);
        require(maxBatchEvents >= 1, "max_batch_events must be at least 1");
        require(maxBatchBytes >= 1024, "max_batch_bytes must be at least 1024");
        require(maxInflight >= 1 && maxInflight <= 256, "max_inflight must be between 1 and 256");
        require(isSensible(timeout), "timeout must be between 1ms and 1h");
        require(isSensible(connectTimeout), "connect_timeout must be between 1ms and 1h");
        require(caFile == null || !caFile.isBlank(), "ca_file must name a file");
        Address.of(url);
        headers.forEach(HttpSinkConfig::requireSendable);
        String contentType = encoding.encoder(envelope).contentType();
        require(
                mode == Mode.SINGLE || contentType.endsWith("json"),
                "encoding must be JSON with mode: batch, which cannot hold " + contentType);
    }

    private static boolean isSensible(Duration time) {
        return time.isPositive() && time.compareTo(Duration.ofHours(1)) <= 0;
    }

    /** What the client says of a bad header quotes its value, which may be a secret. */
    private static void requireSendable(String name, Secret value) {
        require(!OURS.contains(name.toLowerCase(Locale.ROOT)), "headers: " + name + " is set by the sink itself");
        try {
            HttpRequest.newBuilder().header(name, "");
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("headers: " + name + " is no header that a client may set");
        }
        try {
            HttpRequest.newBuilder().header(name, value.reveal());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "headers: the value of " + name + " has characters that no header can hold");
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Without what a URL may hold of secrets. */
    @Override
    public String toString() {
        return "HttpSinkConfig[id=" + id + ", url=" + Address.of(url) + ", method=" + method.name() + ", mode=" + mode
                + ", required=" + required + "]";
    }
}
