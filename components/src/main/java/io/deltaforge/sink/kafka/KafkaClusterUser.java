package io.deltaforge.sink.kafka;

/** A sink whose cluster, and way to log in there, others may use too. */
interface KafkaClusterUser {
    KafkaSinkConfig cluster();
}
