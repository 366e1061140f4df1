package io.deltaforge.sink.kafka;

import io.deltaforge.spi.Failure;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What the Kafka client's exceptions mean for a pipeline, and what to do about them. */
final class KafkaErrors {
    private KafkaErrors() {}

    /** The outcome for one record that was not acknowledged. */
    sealed interface RecordError {}

    /** This record can never be delivered; others can. */
    record Undeliverable(String kind, String reason) implements RecordError {}

    /** The batch as a whole failed. */
    record BatchFailed(Failure failure) implements RecordError {}

    static RecordError onRecord(Exception error) {
        return switch (error) {
            case RecordTooLargeException e ->
                new Undeliverable(
                        "message_too_large",
                        e.getMessage() + " Raise max.request.size (client_conf) and the topic's max.message.bytes.");
            case SerializationException e -> new Undeliverable("serialization", String.valueOf(e.getMessage()));
            case InvalidTopicException e -> new Undeliverable("invalid_topic", String.valueOf(e.getMessage()));
            default -> new BatchFailed(failure(error));
        };
    }

    /** The failure to create a producer. */
    static Failure onConnect(RuntimeException error) {
        Throwable cause = error;
        while (cause.getCause() != null && !(cause instanceof ConfigException)) {
            cause = cause.getCause();
        }
        return new Failure.Fatal("the Kafka client does not accept its settings: " + cause.getMessage(), error);
    }

    private static Failure failure(Exception error) {
        return switch (error) {
            case SslAuthenticationException e ->
                new Failure.Fatal(
                        "TLS with the broker failed: " + e.getMessage()
                                + ". Check ssl.ca.location and the certificates.",
                        e);
            case AuthenticationException e ->
                new Failure.Fatal(
                        "the broker refused the login: " + e.getMessage()
                                + ". Check sasl.username, sasl.password and sasl.mechanism.",
                        e);
            case TopicAuthorizationException e ->
                new Failure.Fatal(
                        "not allowed to write to " + e.unauthorizedTopics()
                                + ". Grant it: kafka-acls.sh --add --allow-principal User:… --producer --topic …",
                        e);
            case ClusterAuthorizationException e ->
                new Failure.Fatal(
                        "the cluster does not allow idempotent writes: " + e.getMessage()
                                + ". Grant IdempotentWrite on the cluster, or WRITE on the topic with brokers from 2.8 on.",
                        e);
            case AuthorizationException e -> new Failure.Fatal("not allowed by the cluster: " + e.getMessage(), e);
            case ProducerFencedException e ->
                new Failure.Fatal("another producer took over: is a second instance of this pipeline running?", e);
            case UnsupportedVersionException e ->
                new Failure.Fatal("the broker is too old for what is asked of it: " + e.getMessage(), e);
            // a new producer numbers its records afresh
            case OutOfOrderSequenceException e -> retryable(e);
            case RetriableException e -> retryable(e);
            // closed by reset, interrupted, or a batch that was dropped with its producer
            case IllegalStateException e -> retryable(e);
            case KafkaException e when e.getClass() == KafkaException.class -> retryable(e);
            case org.apache.kafka.common.errors.InterruptException e -> retryable(e);
            default -> new Failure.Fatal("Kafka: " + error.getMessage(), error);
        };
    }

    private static Failure retryable(Exception error) {
        return new Failure.Retryable("Kafka: " + error.getMessage(), error);
    }
}
