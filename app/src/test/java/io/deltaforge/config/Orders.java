package io.deltaforge.config;

import io.deltaforge.event.Position;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.Encoding;
import io.deltaforge.spi.Envelope;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Feed;
import io.deltaforge.spi.Secret;
import io.deltaforge.spi.Setting;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkContext;
import io.deltaforge.spi.Source;
import io.deltaforge.spi.Template;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Components with a setting of every kind, which do nothing but hold their settings. */
final class Orders {
    private Orders() {}

    enum Mode {
        FAIL,
        START_AGAIN
    }

    sealed interface Start {
        record Earliest() implements Start {}

        record At(@Setting(doc = "A place in the log.") String lsn) implements Start {}

        record Since(
                @Setting(doc = "A time.") String time,
                @Setting(doc = "Its zone.", value = "UTC") String zone) implements Start {}

        static Start parse(String text) {
            if (text.equals("earliest")) {
                return new Earliest();
            }
            throw new IllegalArgumentException("a start is earliest or {lsn: …}");
        }
    }

    record Pool(
            @Setting(doc = "Threads.", value = "2") int threads,
            @Setting(doc = "Patience.", value = "5s") Duration patience) {
        Pool {
            if (threads < 1) {
                throw new IllegalArgumentException("threads must be at least 1");
            }
        }
    }

    record SourceConfig(
            @Setting(doc = "Name.") String id,
            @Setting(doc = "Where the database is.") Secret dsn,
            @Setting(doc = "What to capture.") List<String> tables,

            @Setting(doc = "Where to begin.", value = "earliest")
            Start startPosition,

            @Setting(doc = "What to do.", value = "fail") Mode onMissing,
            @Setting(doc = "Whom to tell.") @Nullable String owner,
            @Setting(doc = "How much.", value = "1.5") double ratio,
            @Setting(doc = "Threads.", value = "{}") Pool pool,
            @Setting(doc = "Comment.") Optional<String> comment,
            @Setting(doc = "Bytes.", value = "1048576") long maxBytes) {
        SourceConfig {
            if (!dsn.reveal().startsWith("postgres://")) {
                throw new IllegalArgumentException("dsn must begin with postgres://, unlike " + dsn.reveal());
            }
            if (maxBytes < threadsOf(pool)) {
                throw new IllegalArgumentException("a byte for each thread is the least");
            }
        }

        private static int threadsOf(Pool pool) {
            return pool.threads();
        }
    }

    record SinkConfig(
            @Setting(doc = "Name.") String id,
            @Setting(doc = "Brokers, separated by commas.") String brokers,
            @Setting(doc = "Topic; a template.") Template topic,

            @Setting(doc = "Structure of the value.", value = "plain")
            Envelope envelope,

            @Setting(doc = "Bytes of the value.", value = "json")
            Encoding encoding,

            @Setting(doc = "Gates checkpoints.", value = "true")
            boolean required,

            @Setting(doc = "Patience.", value = "60") int sendTimeoutSecs,
            @Setting(doc = "Client settings.", value = "{}") Map<String, String> clientConf) {
        SinkConfig {
            if (clientConf.containsKey("acks") && clientConf.containsKey("linger.ms")) {
                throw new IllegalArgumentException(
                        "client_conf has 3 problems:\n  acks must be all\n  linger.ms must not be "
                                + clientConf.get("linger.ms") + "\n  the two do not fit");
            }
            if (clientConf.containsKey("retries")) {
                throw new IllegalArgumentException("client_conf: retries must not be set");
            }
        }
    }

    record Nothing() {}

    record FancyConfig(
            @Setting(doc = "Prefix of the type.") String typePrefix,
            @Setting(doc = "Pretty.", value = "false") boolean pretty) {}

    record PlainEnvelope() implements Envelope {
        @Override
        public Writer writer() {
            throw new AssertionError("not for writing");
        }
    }

    record FancyEnvelope(FancyConfig config) implements Envelope {
        @Override
        public Writer writer() {
            throw new AssertionError("not for writing");
        }
    }

    static final Encoding JSON = envelope -> {
        throw new AssertionError("not for writing");
    };

    record TestSource(SourceConfig config) implements Source {
        @Override
        public SourceInfo info() {
            return new SourceInfo("test", config.id(), "");
        }

        @Override
        public Position parsePosition(String text) {
            throw new IllegalArgumentException(text);
        }

        @Override
        public void run(Feed feed) {}

        @Override
        public void close() {}
    }

    record TestSink(SinkConfig config) implements Sink {
        @Override
        public String id() {
            return config.id();
        }

        @Override
        public boolean required() {
            return config.required();
        }

        @Override
        public void open(SinkContext context) {}

        @Override
        public CompletableFuture<Void> write(Batch batch) {
            return CompletableFuture.failedFuture(new Failure.Fatal("not for writing"));
        }

        @Override
        public void reset() {}

        @Override
        public void close() {}
    }

    static final Components COMPONENTS = new Components(List.of(
            new ComponentType<>(Source.class, "postgres", "A test source.", SourceConfig.class, TestSource::new),
            new ComponentType<>(Sink.class, "kafka", "A test sink.", SinkConfig.class, TestSink::new),
            new ComponentType<>(Envelope.class, "plain", "Plain.", Nothing.class, config -> new PlainEnvelope()),
            new ComponentType<>(Envelope.class, "fancy", "Fancy.", FancyConfig.class, FancyEnvelope::new),
            new ComponentType<>(Encoding.class, "json", "JSON.", Nothing.class, config -> JSON)));

    /** A pipeline without a problem, to be broken by replacing a line of it. */
    static final String PIPELINE = """
            apiVersion: deltaforge/v1
            kind: Pipeline
            metadata:
              name: orders
              tenant: acme
            spec:
              source:
                type: postgres
                config:
                  id: orders-db
                  dsn: postgres://shop:pa55word@db/shop
                  tables: [public.orders]
              sinks:
                - type: kafka
                  config:
                    id: orders-kafka
                    brokers: kafka:9092
                    topic: orders
            """;
}
