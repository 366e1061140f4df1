package io.deltaforge.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of the Kafka client that come of the log-capture dialect, and what the file says of more. */
final class LogCaptureClientConf {
    private static final String KEY = "client_conf";
    /** What the client's settings are called elsewhere. */
    private static final Map<String, List<String>> ALIASES = Map.of(
            "acks", List.of("request.required.acks"),
            "compression.type", List.of("compression.codec"),
            "max.request.size", List.of("message.max.bytes"),
            "message.timeout.ms", List.of("delivery.timeout.ms"),
            "sasl.mechanism", List.of("sasl.mechanisms"));

    private final WrittenBlock kafka;
    private final LogCaptureKafka bound;
    private final Node.Mapping more;

    LogCaptureClientConf(WrittenBlock kafka, LogCaptureKafka bound) {
        this.kafka = kafka;
        this.bound = bound;
        this.more = kafka.mapping().get(KEY) instanceof Node.Mapping block
                ? block
                : Node.Mapping.empty(kafka.mapping().place());
    }

    void put(TreeBlock sink, Origins origins) {
        Node written = kafka.mapping().get(KEY);
        if (written != null && !(written instanceof Node.Mapping)) {
            sink.putCopied(KEY, written, kafka.pathOf(KEY)); // the binder says what is wrong with it
            return;
        }
        TreeBlock conf = sink.block(KEY, more.place(), kafka.pathOf(KEY));
        origins.putCopied(sink.pathOf(KEY), kafka.pathOf(KEY));
        boolean allReplicas = bound.exactlyOnce() && !kafka.isWritten("required_acks");
        number(conf, "acks", "required_acks", allReplicas ? -1 : bound.requiredAcks());
        put(conf, "compression.type", kafka, "compression");
        number(conf, "max.request.size", "max_message_bytes", bound.maxMessageBytes());
        Duration timeout = bound.timeout();
        if (timeout.toMillis() % 1000 != 0) {
            Place place = kafka.node("timeout").orElseThrow().place();
            Node millis = new Node.Scalar(Long.toString(timeout.toMillis()), false, place);
            put(conf, "message.timeout.ms", millis, kafka.pathOf("timeout"));
        }
        LogCaptureKafka.Auth auth = bound.auth();
        LogCaptureKafka.Tls tls = bound.tls();
        boolean login = auth != null && auth.enabled();
        boolean encrypted = tls != null && tls.enabled();
        if (login || encrypted) {
            String protocol = (login ? "SASL_" : "") + (encrypted ? "SSL" : "PLAINTEXT");
            put(
                    conf,
                    "security.protocol",
                    new Node.Scalar(protocol, false, kafka.mapping().place()),
                    kafka.path());
        }
        if (login) {
            WrittenBlock block = kafka.blockOrDefaults("auth", LogCaptureKafka.Auth.class);
            put(conf, "sasl.mechanism", block, "mechanism");
            put(conf, "sasl.username", block, "username");
            put(conf, "sasl.password", block, "password");
        }
        if (encrypted) {
            WrittenBlock block = kafka.blockOrDefaults("tls", LogCaptureKafka.Tls.class);
            put(conf, "enable.ssl.certificate.verification", block, "verify_certificate");
            put(conf, "ssl.ca.location", block, "ca_file");
            put(conf, "ssl.certificate.location", block, "cert_file");
            put(conf, "ssl.key.location", block, "key_file");
        }
        more.entries().forEach((name, entry) -> conf.put(name, entry.value(), kafka.pathOf(KEY) + "." + name));
    }

    private void put(TreeBlock conf, String name, WrittenBlock from, String key) {
        Optional<Node> node = from.node(key);
        node.ifPresent(value -> put(conf, name, value, from.pathOf(key)));
    }

    /** A number as the client reads it, unless it is a variable. */
    private void number(TreeBlock conf, String name, String key, long value) {
        Node written = kafka.node(key).orElseThrow();
        boolean isVariable =
                written instanceof Node.Scalar scalar && scalar.text().contains("${");
        put(
                conf,
                name,
                isVariable ? written : new Node.Scalar(Long.toString(value), false, written.place()),
                kafka.pathOf(key));
    }

    /** What the file says in the client's own words counts before that. */
    private void put(TreeBlock conf, String name, Node value, String origin) {
        boolean isSaid = more.entries().containsKey(name)
                || ALIASES.getOrDefault(name, List.of()).stream().anyMatch(more.entries()::containsKey);
        if (!isSaid) {
            conf.put(name, value, origin);
        }
    }
}
