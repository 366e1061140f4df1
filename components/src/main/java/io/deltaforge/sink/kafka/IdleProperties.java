package io.deltaforge.sink.kafka;

import static io.deltaforge.sink.kafka.LibrdkafkaProperty.noEffect;
import static io.deltaforge.sink.kafka.LibrdkafkaProperty.only;
import static io.deltaforge.sink.kafka.LibrdkafkaProperty.refused;

import io.deltaforge.sink.kafka.LibrdkafkaProperty.Flag;
import io.deltaforge.sink.kafka.LibrdkafkaProperty.Text;
import io.deltaforge.sink.kafka.LibrdkafkaProperty.Whole;
import java.util.ArrayList;
import java.util.List;

/** What has no counterpart: consumers, callbacks, and librdkafka's own inner life. */
final class IdleProperties {
    static final List<LibrdkafkaProperty> ALL = together(
            noEffects(
                    "a consumer's setting, and a sink only writes",
                    new Text(),
                    "group.id",
                    "group.instance.id",
                    "partition.assignment.strategy",
                    "session.timeout.ms",
                    "heartbeat.interval.ms",
                    "group.protocol.type",
                    "group.protocol",
                    "group.remote.assignor",
                    "coordinator.query.interval.ms",
                    "max.poll.interval.ms",
                    "enable.auto.commit",
                    "auto.commit.enable",
                    "auto.commit.interval.ms",
                    "enable.auto.offset.store",
                    "queued.min.messages",
                    "queued.max.messages.kbytes",
                    "fetch.wait.max.ms",
                    "fetch.queue.backoff.ms",
                    "fetch.message.max.bytes",
                    "max.partition.fetch.bytes",
                    "fetch.max.bytes",
                    "fetch.min.bytes",
                    "fetch.error.backoff.ms",
                    "offset.store.method",
                    "offset.store.path",
                    "offset.store.sync.interval.ms",
                    "isolation.level",
                    "consume_cb",
                    "rebalance_cb",
                    "offset_commit_cb",
                    "consume.callback.max.messages",
                    "enable.partition.eof",
                    "check.crcs",
                    "auto.offset.reset",
                    "client.rack",
                    "topic.blacklist"),
            noEffects(
                    "a function of a C program",
                    new Text(),
                    "error_cb",
                    "throttle_cb",
                    "stats_cb",
                    "log_cb",
                    "background_event_cb",
                    "socket_cb",
                    "connect_cb",
                    "closesocket_cb",
                    "open_cb",
                    "resolve_cb",
                    "dr_cb",
                    "dr_msg_cb",
                    "partitioner_cb",
                    "msg_order_cmp",
                    "oauthbearer_token_refresh_cb",
                    "ssl.certificate.verify_cb",
                    "opaque",
                    "default_topic_conf",
                    "interceptors",
                    "enabled_events"),
            noEffects(
                    "the Java client and brokers from 2.1 on agree on versions by themselves",
                    new Text(),
                    "api.version.request",
                    "api.version.request.timeout.ms",
                    "api.version.fallback.ms",
                    "broker.version.fallback"),
            noEffects(
                    "set the level of the logger org.apache.kafka.clients instead",
                    new Text(),
                    "debug",
                    "log_level",
                    "log.queue",
                    "log.thread.name",
                    "log.connection.close"),
            List.of(noEffect(
                    "the producer's figures are among the metrics at all times",
                    new Whole(0, 86_400_000, "ms"),
                    "statistics.interval.ms")),
            noEffects(
                    "it concerns librdkafka's inner workings",
                    new Text(),
                    "builtin.features",
                    "enable.random.seed",
                    "internal.termination.signal",
                    "message.copy.max.bytes",
                    "receive.message.max.bytes",
                    "queue.buffering.backpressure.threshold",
                    "delivery.report.only.error",
                    "produce.offset.report"),
            List.of(
                    only(
                            "true",
                            new Flag(),
                            "brokers create a missing topic when their auto.create.topics.enable says so",
                            "the Java producer cannot forbid it; set auto.create.topics.enable=false on the brokers",
                            "allow.auto.create.topics"),
                    refused("a library for C programs cannot be loaded here", "plugin.library.paths")));

    private IdleProperties() {}

    private static List<LibrdkafkaProperty> noEffects(String why, LibrdkafkaProperty.Values values, String... names) {
        List<LibrdkafkaProperty> properties = new ArrayList<>();
        for (String name : names) {
            properties.add(noEffect(why, values, name));
        }
        return properties;
    }

    @SafeVarargs
    private static List<LibrdkafkaProperty> together(List<LibrdkafkaProperty>... groups) {
        List<LibrdkafkaProperty> all = new ArrayList<>();
        for (List<LibrdkafkaProperty> group : groups) {
            all.addAll(group);
        }
        return List.copyOf(all);
    }
}
