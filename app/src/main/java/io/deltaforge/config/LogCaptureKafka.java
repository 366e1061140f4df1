package io.deltaforge.config;

import io.deltaforge.config.LogCaptureFile.AsInPipeline;
import io.deltaforge.spi.Secret;
import io.deltaforge.spi.Setting;
import io.deltaforge.spi.Word;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sink {@code kafka} of the log-capture dialect, with that dialect's own defaults. */
record LogCaptureKafka(
        @Setting(doc = "Whether the sink is used.", value = "false")
        boolean enabled,

        @Setting(doc = "Brokers to find the cluster by, `host:port` each.")
        List<String> brokers,

        @Setting(doc = "Topic of what routing sends nowhere else.")
        String topic,

        @Setting(doc = "Compression of the records.", value = "none")
        Compression compression,

        @Setting(doc = "Most lines in a batch.", value = "1000")
        int batchSize,

        @Setting(doc = "Longest time that a line waits for others.", value = "5s")
        Duration batchTimeout,

        @Setting(doc = "Most lines that wait for the sink.", value = "50000")
        int queueSize,

        @Setting(
                doc = "Most bytes of a record, before compression. The topic has a limit of its own,"
                        + " `max.message.bytes`.",
                value = "1048576")
        int maxMessageBytes,

        @Setting(
                doc = "Whose word counts: 0 nobody's (what is sent counts as delivered), 1 the partition's leader's, -1"
                        + " all replicas'. With `exactly_once: true` it is -1 unless it is given.",
                value = "1")
        int requiredAcks,

        @Setting(doc = "Until a record counts as not delivered.", value = "30s")
        Duration timeout,

        @Setting(doc = "How many times a batch is sent again before `dlq_config` decides.", value = "3")
        int retryMax,

        @Setting(
                doc =
                        "As `envelope` of the sink in a pipeline file: native is a JSON object with the message and all that"
                                + " is known about it, raw the message's bytes alone.",
                value = "native")
        AsInPipeline envelope,

        @Setting(doc = "Which partition a record goes to. Without the block, Kafka's own choice.") @Nullable
        Partitioning partitioning,

        @Setting(doc = "How to log in (SASL). Without the block, not at all.") @Nullable
        Auth auth,

        @Setting(doc = "Encryption. Without the block, none.") @Nullable
        Tls tls,

        @Setting(doc = "What goes to the dead letter queue. Without the block there is none.") @Nullable
        DeadLetterQueue dlqConfig,

        @Setting(doc = "What a filling queue does. Without the block: the same as with it and nothing in it.") @Nullable
        Backpressure backpressureConfig,

        @Setting(doc = "As `circuit_breaker` of the sink in a pipeline file, and on unless it says otherwise.")
        @Nullable
        AsInPipeline circuitBreaker,

        @Setting(
                doc = "As `routing` of the sink in a pipeline file, but by label and by level unless it says"
                        + " otherwise.")
        @Nullable
        AsInPipeline routing,

        @Setting(doc = "As `exactly_once` of the sink in a pipeline file.", value = "false")
        boolean exactlyOnce,

        @Setting(doc = "As `create_topics` of the sink in a pipeline file.") @Nullable
        AsInPipeline createTopics,

        @Setting(
                doc = "As `client_conf` of the sink in a pipeline file, e.g. `compression.level`. What it says of a"
                        + " setting that this page has too counts before that.")
        @Nullable
        AsInPipeline clientConf) {

    private static final int LARGEST_BATCH = 1_000_000;
    private static final int MOST_REQUEST_BYTES = 1_000_000_000;
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

    LogCaptureKafka {
        brokers = List.copyOf(brokers);
        require(
                !brokers.isEmpty() && brokers.stream().noneMatch(String::isBlank),
                "brokers must name at least one host:port, and none may be empty");
        require(batchSize >= 1 && batchSize <= LARGEST_BATCH, "batch_size must be between 1 and " + LARGEST_BATCH);
        require(
                batchTimeout.compareTo(LONGEST_WAIT) <= 0,
                "batch_timeout must be at most " + LONGEST_WAIT.toMinutes() + "m");
        require(queueSize >= 1, "queue_size must be at least 1");
        require(
                maxMessageBytes >= 1000 && maxMessageBytes <= MOST_REQUEST_BYTES,
                "max_message_bytes must be between 1000 and " + MOST_REQUEST_BYTES);
        require(requiredAcks >= -1 && requiredAcks <= 1, "required_acks must be 0, 1 or -1 (all)");
        require(
                timeout.isPositive() && timeout.compareTo(LONGEST_TIMEOUT) <= 0,
                "timeout must be more than nothing and at most " + LONGEST_TIMEOUT.toHours() + "h");
        require(retryMax >= 0, "retry_max must not be negative");
    }

    enum Compression {
        NONE,
        GZIP,
        SNAPPY,
        LZ4,
        ZSTD
    }

    /** The block {@code partitioning}. */
    record Partitioning(
            @Setting(doc = "Whether the block counts.", value = "true")
            boolean enabled,

            @Setting(
                    doc =
                            "hash: what has the same value in `key_field` goes to the same partition. round-robin: each in"
                                    + " turn. random: any.",
                    value = "hash")
            Strategy strategy,

            @Setting(doc = "The field of a line whose value is hashed, e.g. `tenant_id`.") @Nullable
            String keyField) {

        Partitioning {
            require(
                    !enabled || strategy != Strategy.HASH || (keyField != null && !keyField.isBlank()),
                    "key_field must name the field that is hashed, e.g. key_field: tenant_id");
        }

        enum Strategy {
            HASH,
            @Word("round-robin")
            ROUND_ROBIN,
            RANDOM
        }
    }

    /** The block {@code auth}. */
    record Auth(
            @Setting(doc = "Whether to log in.", value = "true")
            boolean enabled,

            @Setting(doc = "How the password is shown to the broker.") @Nullable
            Mechanism mechanism,

            @Setting(doc = "Who logs in.") @Nullable String username,

            @Setting(doc = "With which password; better as `${KAFKA_PASSWORD}`.") @Nullable
            Secret password) {

        Auth {
            require(
                    !enabled || mechanism != null,
                    "mechanism must be given: " + String.join(", ", Wording.words(Mechanism.class)));
            require(!enabled || username != null, "username must be given, or auth turned off with enabled: false");
            require(!enabled || password != null, "password must be given, or auth turned off with enabled: false");
        }

        enum Mechanism {
            @Word("PLAIN")
            PLAIN,
            @Word("SCRAM-SHA-256")
            SCRAM_SHA_256,
            @Word("SCRAM-SHA-512")
            SCRAM_SHA_512
        }
    }

    /** The block {@code tls}. */
    record Tls(
            @Setting(doc = "Whether the connections are encrypted.", value = "true")
            boolean enabled,

            @Setting(
                    doc = "Whether a broker must prove who it is. Without that whoever answers is trusted, which is for"
                            + " tests only.",
                    value = "true")
            boolean verifyCertificate,

            @Setting(doc = "Whom to trust, PEM; without it, whom the JVM trusts.") @Nullable
            String caFile,

            @Setting(doc = "Our certificate, PEM, for brokers that ask for one.") @Nullable
            String certFile,

            @Setting(doc = "Its private key, PEM.") @Nullable
            String keyFile) {

        Tls {
            require(!enabled || certFile == null || keyFile != null, "key_file must be given: the key of cert_file");
            require(!enabled || keyFile == null || certFile != null, "cert_file must be given: key_file is its key");
        }
    }

    /** The block {@code dlq_config}. */
    record DeadLetterQueue(
            @Setting(doc = "Whether there is a dead letter queue.", value = "true")
            boolean enabled,

            @Setting(
                    doc = "Send batches there that failed `retry_max` times more, and all while the circuit breaker is"
                            + " open. Lines that Kafka can never take go there in any case.",
                    value = "true")
            boolean sendOnError,

            @Setting(
                    doc =
                            "The same, with `send_on_error: false` too, for batches whose last failure was that no answer came"
                                    + " in time. What neither takes is tried again, and sources wait.",
                    value = "false")
            boolean sendOnTimeout,

            @Setting(doc = "Sending them again by itself. Without the block, `deltaforge dlq replay` does.") @Nullable
            Reprocessing reprocessingConfig) {}

    /** The block {@code dlq_config.reprocessing_config}. */
    record Reprocessing(
            @Setting(doc = "Whether lines are sent again by themselves.", value = "true")
            boolean enabled,

            @Setting(doc = "How often.", value = "5m") Duration interval,

            @Setting(doc = "How many times a line is sent again before it is left to a human.", value = "3")
            int maxRetries,

            @Setting(doc = "Most lines at a time.", value = "50")
            int batchSize) {

        Reprocessing {
            require(interval.isPositive(), "interval must be more than nothing");
            require(maxRetries >= 1, "max_retries must be at least 1");
            require(batchSize >= 1, "batch_size must be at least 1");
        }
    }

    /** The block {@code backpressure_config}. */
    record Backpressure(
            @Setting(doc = "Whether the thresholds count.", value = "true")
            boolean enabled,

            @Setting(doc = "How full the queue is when a warning is logged.", value = "0.75")
            double queueWarningThreshold,

            @Setting(
                    doc = "How full it is when timeouts are stretched, and sources that can wait are told to.",
                    value = "0.90")
            double queueCriticalThreshold,

            @Setting(
                    doc = "How full it is when lines of sources that cannot wait go to the dead letter queue.",
                    value = "0.95")
            double queueEmergencyThreshold,

            @Setting(
                    doc = "Whether `timeout` counts twice while the queue is critical, from the next attempt on.",
                    value = "true")
            boolean timeoutEscalation) {

        Backpressure {
            require(
                    queueWarningThreshold > 0 && queueWarningThreshold < 1,
                    "queue_warning_threshold must be between 0 and 1");
            require(
                    queueCriticalThreshold > queueWarningThreshold && queueCriticalThreshold <= 1,
                    "queue_critical_threshold must be above queue_warning_threshold and at most 1");
            require(
                    queueEmergencyThreshold >= queueCriticalThreshold && queueEmergencyThreshold <= 1,
                    "queue_emergency_threshold must be at least queue_critical_threshold and at most 1");
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
