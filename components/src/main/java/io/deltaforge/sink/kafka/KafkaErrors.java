package io.deltaforge.sink.kafka;

import io.deltaforge.spi.Failure;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.security.auth.login.LoginException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.ControllerMovedException;
import org.apache.kafka.common.errors.DuplicateSequenceException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.LogDirNotFoundException;
import org.apache.kafka.common.errors.NewLeaderElectedException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.ReassignmentInProgressException;
import org.apache.kafka.common.errors.RebootstrapRequiredException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.StaleBrokerEpochException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.TransactionCoordinatorFencedException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.network.InvalidReceiveException;
import org.jspecify.annotations.Nullable;

/**
 * What the Kafka client's exceptions mean for a pipeline, and what to do about them. Its own {@link RetriableException}
 * answers whether the same request may be repeated; here the question is whether a new producer can do better later.
 * What is not listed stops the pipeline: an error that nobody thought of is not to be repeated for ever.
 */
final class KafkaErrors {
    private static final String TOO_FEW_REPLICAS = " Brokers are down, or min.insync.replicas is more than there are.";

    private KafkaErrors() {}

    /** The outcome for one record that was not acknowledged. */
    sealed interface RecordError {}

    /** This record can never be delivered; others can. */
    record Undeliverable(String kind, String reason) implements RecordError {}

    /** The batch as a whole failed. */
    record BatchFailed(Failure failure) implements RecordError {}

    /** @param topic where the record was to go, when the client says so */
    static RecordError onRecord(Exception error, @Nullable String topic) {
        return switch (error) {
            case RecordTooLargeException e ->
                new Undeliverable(
                        "message_too_large",
                        to(topic) + sentence(e)
                                + " Raise max.request.size (client_conf), the topic's max.message.bytes and the brokers'"
                                + " message.max.bytes, or filter large events.");
            case SerializationException e -> new Undeliverable("serialization", to(topic) + sentence(e));
            case InvalidTopicException e -> new Undeliverable("invalid_topic", to(topic) + sentence(e));
            // the broker looked into this very record: no key in a compacted topic, for example
            case InvalidRecordException e -> new Undeliverable("invalid_record", to(topic) + sentence(e));
            default -> new BatchFailed(failure(error, topic));
        };
    }

    /** The failure to create a client or to reach the cluster with it. */
    static Failure onConnect(Exception error) {
        Throwable deepest = error;
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            deepest = cause;
            if (cause instanceof ConfigException) {
                break;
            }
            if (cause instanceof ApiException e) {
                return failure(e, null);
            }
            if (cause instanceof LoginException e) {
                return LoginErrors.failure(e, error);
            }
            if (cause instanceof ConnectException
                    || cause instanceof SocketTimeoutException
                    || cause instanceof UnknownHostException) {
                return new Failure.Retryable("cannot log in: " + cause, error);
            }
        }
        String message = String.valueOf(deepest.getMessage());
        if (message.startsWith("No resolvable bootstrap urls")) {
            // names come back when the name service does; a pipeline must survive that
            return new Failure.Retryable(
                    "none of the `brokers` has an address: check the host names and the name service (" + message + ")",
                    error);
        }
        return new Failure.Fatal("the Kafka client does not accept its settings: " + message, error);
    }

    /** The failure of a transaction as a whole. */
    static Failure onTransaction(Exception error) {
        return failure(error, null);
    }

    private static Failure failure(Exception error, @Nullable String topic) {
        return switch (error) {
            // says itself only that there was an error
            case TransactionAbortableException e
            when e.getCause() instanceof RetriableException cause -> failure(cause, topic);
            case SslAuthenticationException e ->
                new Failure.Fatal("TLS with the broker failed: " + TlsErrors.explain(e), e);
            case UnsupportedSaslMechanismException e ->
                fatal("the login method is not one of the broker's: ", e, "Change sasl.mechanism.");
            case SaslAuthenticationException e ->
                fatal(
                        "the broker refused the login: ",
                        e,
                        "Check sasl.username, sasl.password and sasl.mechanism in client_conf.");
            case AuthenticationException e ->
                fatal("the broker refused the login: ", e, "Check the sasl.… and ssl.… settings in client_conf.");
            case AuthorizationException e -> notAllowed(e);
            case ProducerFencedException e ->
                new Failure.Fatal("another producer took over: is a second instance of this pipeline running?", e);
            case UnsupportedVersionException e ->
                fatal("the broker is too old for what is asked of it: ", e, "Brokers from 2.1 on are supported.");
            case UnsupportedCompressionTypeException e ->
                fatal("the broker does not take this compression: ", e, "Change compression.type in client_conf.");
            case UnsupportedForMessageFormatException e ->
                fatal("the topic keeps an old message format: ", e, "Raise its message.format.version.");
            case RecordBatchTooLargeException e ->
                fatal(
                        "a batch of records is larger than the topic's segments: ",
                        e,
                        "Lower batch.size in client_conf or raise the topic's segment.bytes.");
            case InvalidTimestampException e ->
                fatal(
                        to(topic) + "the broker does not take the time of now: ",
                        e,
                        "Set the clocks, or widen the topic's message.timestamp.before.max.ms and …after.max.ms.");
            case InvalidTxnTimeoutException e ->
                fatal("", e, "Lower transaction.timeout.ms or raise the brokers' transaction.max.timeout.ms.");
            default -> isTemporary(error) ? retryable(error, topic) : unwrapped(error, topic);
        };
    }

    private static Failure.Fatal notAllowed(AuthorizationException error) {
        return switch (error) {
            case TopicAuthorizationException e ->
                fatal(
                        "not allowed to write to " + e.unauthorizedTopics() + ": ",
                        e,
                        "Grant it: kafka-acls.sh --add --allow-principal User:… --producer --topic "
                                + String.join(" --topic ", e.unauthorizedTopics()));
            case ClusterAuthorizationException e ->
                fatal(
                        "not allowed to write idempotently: ",
                        e,
                        "Grant Write on the topics: kafka-acls.sh --add --allow-principal User:… --producer --topic …;"
                                + " brokers before 2.8 want --idempotent as well.");
            case TransactionalIdAuthorizationException e ->
                fatal(
                        "not allowed to use the transactional id: ",
                        e,
                        "Grant it: kafka-acls.sh --add --allow-principal User:… --producer --transactional-id …");
            default -> fatal("not allowed by the cluster: ", error, "Grant the missing right with kafka-acls.sh.");
        };
    }

    /** True when a new producer can succeed later. */
    private static boolean isTemporary(Exception error) {
        return switch (error) {
            case RetriableException e -> true;
            // a new producer has a new identity and numbers its records afresh
            case OutOfOrderSequenceException e -> true;
            case DuplicateSequenceException e -> true;
            case InvalidPidMappingException e -> true;
            case InvalidProducerEpochException e -> true;
            case TransactionAbortableException e -> true;
            case TransactionAbortedException e -> true;
            case TransactionCoordinatorFencedException e -> true;
            // the cluster is moving; that the client does not repeat them by itself says nothing about later
            case BrokerNotAvailableException e -> true;
            case ControllerMovedException e -> true;
            case NewLeaderElectedException e -> true;
            case ReassignmentInProgressException e -> true;
            case StaleBrokerEpochException e -> true;
            case LogDirNotFoundException e -> true;
            case RebootstrapRequiredException e -> true;
            case UnknownServerException e -> true;
            case InterruptException e -> true;
            // what came back was no answer: a half-closed connection, a proxy
            case InvalidReceiveException e -> true;
            // closed by reset, or sent to a producer that failed before
            case IllegalStateException e -> true;
            default -> false;
        };
    }

    /**
     * The client wraps some errors into a bare {@link KafkaException}. Without a cause it says that records shared the
     * fate of others: a closed producer, or a neighbour that the broker refused.
     */
    private static Failure unwrapped(Exception error, @Nullable String topic) {
        if (error.getClass() != KafkaException.class) {
            return new Failure.Fatal("Kafka: " + to(topic) + error, error);
        }
        return error.getCause() instanceof Exception cause ? failure(cause, topic) : retryable(error, topic);
    }

    private static Failure retryable(Exception error, @Nullable String topic) {
        if (isMissingTopic(error)) {
            return new Failure.Retryable(
                    "topic " + (topic == null ? "" : topic + " ")
                            + "is not there: create it, or set auto.create.topics.enable on the brokers",
                    error);
        }
        String hint = switch (error) {
            case NotEnoughReplicasException e -> TOO_FEW_REPLICAS;
            case NotEnoughReplicasAfterAppendException e -> TOO_FEW_REPLICAS;
            case TimeoutException e -> " Are the brokers up, and can they be reached under their advertised.listeners?";
            default -> "";
        };
        String message = "Kafka: " + to(topic) + sentence(error) + hint;
        return error instanceof TimeoutException
                ? Failure.Retryable.timedOut(message, error)
                : new Failure.Retryable(message, error);
    }

    private static boolean isMissingTopic(Exception error) {
        return error instanceof UnknownTopicOrPartitionException
                || error.getCause() instanceof UnknownTopicOrPartitionException;
    }

    private static Failure.Fatal fatal(String what, Exception error, String whatToDo) {
        return new Failure.Fatal(what + sentence(error) + " " + whatToDo, error);
    }

    private static String to(@Nullable String topic) {
        return topic == null ? "" : "topic " + topic + ": ";
    }

    /** Its message, or its name, with a full stop. */
    static String sentence(Exception error) {
        String message = error.getMessage();
        String text = message == null || message.isBlank() ? error.getClass().getSimpleName() : message.strip();
        return text.endsWith(".") ? text : text + ".";
    }
}
