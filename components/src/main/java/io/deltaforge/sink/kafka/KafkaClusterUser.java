package io.deltaforge.sink.kafka;

import io.deltaforge.spi.EffectiveSettings;
import io.deltaforge.spi.Sink;
import java.util.Optional;

/** A sink whose cluster, and way to log in there, others may use too. */
interface KafkaClusterUser extends Sink {
    KafkaSinkConfig cluster();

    @Override
    default String id() {
        return cluster().id();
    }

    @Override
    default boolean required() {
        return cluster().required();
    }

    @Override
    default Optional<EffectiveSettings> effectiveSettings() {
        return Optional.of(cluster());
    }
}
