package io.deltaforge.sink.kafka;

import static io.deltaforge.sink.kafka.LibrdkafkaProperty.combined;
import static io.deltaforge.sink.kafka.LibrdkafkaProperty.noEffect;
import static io.deltaforge.sink.kafka.LibrdkafkaProperty.same;

import io.deltaforge.sink.kafka.LibrdkafkaProperty.Flag;
import io.deltaforge.sink.kafka.LibrdkafkaProperty.OneOf;
import io.deltaforge.sink.kafka.LibrdkafkaProperty.Text;
import io.deltaforge.sink.kafka.LibrdkafkaProperty.Whole;
import java.util.List;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;

/** How brokers are found and connections kept. */
final class ConnectionProperties {
    private static final int MAX_BUFFER_BYTES = 100_000_000;
    private static final int HOUR_MS = 3_600_000;
    private static final int DAY_MS = 24 * HOUR_MS;

    static final List<LibrdkafkaProperty> ALL = List.of(
            combined(
                    List.of("metadata.broker.list", "bootstrap.servers"),
                    new Text(),
                    "bootstrap.servers",
                    "Belongs into the sink's `brokers`: an error unless it says the same."),
            same(List.of("client.id"), new Text(), ProducerConfig.CLIENT_ID_CONFIG, "As it is."),
            combined(
                    List.of("topic.metadata.refresh.interval.ms"),
                    new Whole(-1, HOUR_MS, "ms"),
                    "metadata.max.age.ms",
                    "-1 means never."),
            combined(
                    List.of("metadata.max.age.ms"),
                    new Whole(0, DAY_MS, "ms"),
                    "metadata.max.age.ms",
                    "Used where topic.metadata.refresh.interval.ms is not given."),
            same(
                    List.of("metadata.recovery.strategy"),
                    new OneOf(List.of("none", "rebootstrap")),
                    CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG,
                    "As it is."),
            same(
                    List.of("metadata.recovery.rebootstrap.trigger.ms"),
                    new Whole(0, Integer.MAX_VALUE, "ms"),
                    CommonClientConfigs.METADATA_RECOVERY_REBOOTSTRAP_TRIGGER_MS_CONFIG,
                    "As it is."),
            combined(
                    List.of("socket.connection.setup.timeout.ms"),
                    new Whole(1000, Integer.MAX_VALUE, "ms"),
                    "socket.connection.setup.timeout.ms",
                    "Raises socket.connection.setup.timeout.max.ms where that would be less."),
            same(
                    List.of("socket.send.buffer.bytes"),
                    new Whole(0, MAX_BUFFER_BYTES, "bytes"),
                    ProducerConfig.SEND_BUFFER_CONFIG,
                    "0",
                    "-1",
                    "0 leaves it to the system: -1 in Java."),
            same(
                    List.of("socket.receive.buffer.bytes"),
                    new Whole(0, MAX_BUFFER_BYTES, "bytes"),
                    ProducerConfig.RECEIVE_BUFFER_CONFIG,
                    "0",
                    "-1",
                    "0 leaves it to the system: -1 in Java."),
            same(
                    List.of("connections.max.idle.ms"),
                    new Whole(-1, Integer.MAX_VALUE, "ms"),
                    ProducerConfig.CONNECTIONS_MAX_IDLE_MS_CONFIG,
                    "0",
                    "-1",
                    "0 means never: -1 in Java."),
            same(
                    List.of("reconnect.backoff.ms"),
                    new Whole(0, HOUR_MS, "ms"),
                    ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG,
                    "As it is. Java raises reconnect.backoff.max.ms to it where that is not given."),
            same(
                    List.of("reconnect.backoff.max.ms"),
                    new Whole(0, HOUR_MS, "ms"),
                    ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                    "As it is."),
            same(
                    List.of("client.dns.lookup"),
                    new OneOf(List.of("use_all_dns_ips", "resolve_canonical_bootstrap_servers_only")),
                    ProducerConfig.CLIENT_DNS_LOOKUP_CONFIG,
                    "As it is."),
            same(
                    List.of("enable.metrics.push"),
                    new Flag(),
                    ProducerConfig.ENABLE_METRICS_PUSH_CONFIG,
                    "As it is: whether a cluster that asks for the client's metrics gets them."),
            noEffect("Java keeps connections alive always", new Flag(), "socket.keepalive.enable"),
            noEffect("Java never waits for small packets to fill", new Flag(), "socket.nagle.disable"),
            noEffect(
                    "Java closes a connection at its first timed-out request",
                    new Whole(0, 1_000_000, ""),
                    "socket.max.fails"),
            noEffect("librdkafka does not use it any more", new Whole(1, 60_000, "ms"), "socket.blocking.max.ms"),
            noEffect("Java resolves names at every new connection", new Whole(0, DAY_MS, "ms"), "broker.address.ttl"),
            noEffect(
                    "the JVM decides: -Djava.net.preferIPv4Stack and -Djava.net.preferIPv6Addresses",
                    new OneOf(List.of("any", "v4", "v6")),
                    "broker.address.family"),
            noEffect(
                    "reconnect.backoff.ms has its own jitter",
                    new Whole(0, HOUR_MS, "ms"),
                    "reconnect.backoff.jitter.ms"),
            noEffect(
                    "after a failure Java asks again in retry.backoff.ms",
                    new Whole(1, 60_000, "ms"),
                    "topic.metadata.refresh.fast.interval.ms"),
            noEffect("librdkafka does not use it any more", new Whole(0, 1000, ""), "topic.metadata.refresh.fast.cnt"),
            noEffect("Java asks only for the topics it writes to", new Flag(), "topic.metadata.refresh.sparse"),
            noEffect(
                    "a topic that is not there is asked for again every few seconds",
                    new Whole(0, HOUR_MS, "ms"),
                    "topic.metadata.propagation.max.ms"));

    private ConnectionProperties() {}
}
