package io.deltaforge.sink.kafka;

import io.deltaforge.spi.Batch;
import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Figure;
import io.deltaforge.spi.HandMade;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Delivers batches to a Kafka cluster at least once. Confined to the sink's delivery thread. */
public final class KafkaSink implements KafkaClusterUser {
    public static final ComponentType<Sink, KafkaSinkConfig> TYPE =
            new ComponentType<>(Sink.class, "kafka", "Apache Kafka topics.", KafkaSinkConfig.class, KafkaSink::of);

    private final KafkaSinkConfig config;
    private final KafkaWriter writer;

    public KafkaSink(KafkaSinkConfig config) {
        this.config = config;
        this.writer = new KafkaWriter(config);
    }

    private static Sink of(KafkaSinkConfig config) {
        return config.exactlyOnce() ? new TransactionalKafkaSink(config) : new KafkaSink(config);
    }

    @Override
    public KafkaSinkConfig cluster() {
        return config;
    }

    @Override
    public List<Figure> figures() {
        return writer.figures();
    }

    @Override
    public void open(SinkContext context) throws Failure {
        writer.begin(writer.check(context));
    }

    @Override
    public CompletableFuture<Void> write(Batch batch) {
        return writer.write(batch);
    }

    @Override
    public CompletableFuture<Void> write(HandMade letter) {
        return writer.write(letter);
    }

    @Override
    public void stretchTimeouts(boolean twice) {
        writer.stretchTimeouts(twice);
    }

    @Override
    public void forget() {
        writer.forgetMissingTopic();
    }

    @Override
    public void reset() throws Failure {
        close();
        writer.recover(writer.begin(writer.load()));
    }

    @Override
    public void close() {
        writer.close(Duration.ZERO);
    }
}
