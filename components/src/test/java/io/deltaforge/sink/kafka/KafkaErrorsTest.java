package io.deltaforge.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.spi.Failure;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.net.ConnectException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class KafkaErrorsTest {
    /** Of one record; the batch's others go on. */
    private static final Set<String> RECORD = Set.of(
            "RecordTooLargeException",
            "InvalidTopicException",
            "SerializationException",
            "InvalidRecordException",
            // consumers' errors that happen to extend SerializationException
            "RecordDeserializationException",
            "ShareFetchException",
            "ShareInFlightBatchException");

    /** What a new producer can overcome although the client does not repeat it by itself. */
    private static final Set<String> TEMPORARY = Set.of(
            "BrokerNotAvailableException",
            "ControllerMovedException",
            "DuplicateSequenceException",
            "InterruptException",
            "InvalidPidMappingException",
            "InvalidProducerEpochException",
            "InvalidReceiveException",
            "KafkaException",
            "CorrelationIdMismatchException",
            "LogDirNotFoundException",
            "NewLeaderElectedException",
            "OutOfOrderSequenceException",
            "ReassignmentInProgressException",
            "RebootstrapRequiredException",
            "StaleBrokerEpochException",
            "TransactionAbortableException",
            "TransactionAbortedException",
            "TransactionCoordinatorFencedException",
            "UnknownProducerIdException",
            "UnknownServerException");

    @Test
    void everyExceptionOfTheClientIsInTheKindThatWasChosenForIt() {
        SortedMap<String, String> wrong = new TreeMap<>();
        int seen = 0;
        for (Class<? extends Exception> type : exceptions()) {
            for (Exception error : instances(type)) {
                seen++;
                String kind = kind(KafkaErrors.onRecord(error, "t"));
                String expected = RECORD.contains(type.getSimpleName())
                        ? "record"
                        : error instanceof RetriableException || TEMPORARY.contains(type.getSimpleName())
                                ? "retryable"
                                : "fatal";
                if (!kind.equals(expected)) {
                    wrong.put(type.getName(), kind);
                }
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(seen).isGreaterThan(140);
    }

    @Test
    void aMissingTopicIsNamedWithTheMend() {
        Exception error = new TimeoutException(
                "Topic orders not present in metadata after 60000 ms.", new UnknownTopicOrPartitionException("x"));

        assertThat(failure(KafkaErrors.onRecord(error, "orders")))
                .isInstanceOf(Failure.Retryable.class)
                .hasMessage("topic orders is not there: create it, or set auto.create.topics.enable on the brokers");
    }

    @Test
    void aWrappedErrorCountsAsWhatItWraps() {
        Exception error = new KafkaException(
                "Cannot execute transactional method because we are in an error state",
                new ClusterAuthorizationException("no"));

        assertThat(failure(KafkaErrors.onRecord(error, "t")))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageContaining("Grant Write on the topics");
    }

    @Test
    void anEndedTransactionIsToldByWhatEndedIt() {
        Exception error = new TransactionAbortableException(
                "Transaction Request was aborted after exhausting retries.",
                new TimeoutException("Expiring 3 record(s) for orders-0"));

        assertThat(failure(KafkaErrors.onRecord(error, "orders")))
                .isInstanceOf(Failure.Retryable.class)
                .hasMessageContaining("Expiring 3 record(s) for orders-0");
    }

    @Test
    void settingsThatTheClientRefusesAreFatal() {
        assertThat(KafkaErrors.onConnect(new KafkaException("Failed", new ConfigException("bad"))))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageContaining("bad");
        assertThat(KafkaErrors.onConnect(new SaslAuthenticationException("no such user")))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageContaining("sasl.password");
    }

    @Test
    void whatIsAwayAtTheStartIsWaitedFor() {
        assertThat(KafkaErrors.onConnect(new KafkaException("Failed", new ConnectException("token endpoint"))))
                .isInstanceOf(Failure.Retryable.class);
        assertThat(KafkaErrors.onConnect(new KafkaException(
                        "Failed", new ConfigException("No resolvable bootstrap urls given in bootstrap.servers"))))
                .isInstanceOf(Failure.Retryable.class);
    }

    private static String kind(KafkaErrors.RecordError error) {
        return switch (error) {
            case KafkaErrors.Undeliverable undeliverable -> "record";
            case KafkaErrors.BatchFailed failed ->
                switch (failed.failure()) {
                    case Failure.Retryable retryable -> "retryable";
                    case Failure.Fatal fatal -> "fatal";
                    case Failure.Rejected rejected -> "rejected";
                };
        };
    }

    private static Failure failure(KafkaErrors.RecordError error) {
        return ((KafkaErrors.BatchFailed) error).failure();
    }

    @SuppressWarnings("unchecked")
    private static List<Class<? extends Exception>> exceptions() {
        Path jar = Path.of(KafkaProducer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        List<Class<? extends Exception>> types = new ArrayList<>();
        try (JarFile file = new JarFile(jar.toFile());
                Stream<JarEntry> entries = file.stream()) {
            for (JarEntry entry : entries.toList()) {
                String name = entry.getName();
                if (name.startsWith("org/apache/kafka/common/") && name.endsWith("Exception.class")) {
                    Class<?> type =
                            Class.forName(name.substring(0, name.length() - 6).replace('/', '.'));
                    if (RuntimeException.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
                        types.add((Class<? extends Exception>) type);
                    }
                }
            }
        } catch (IOException | ClassNotFoundException e) {
            throw new AssertionError(e);
        }
        return types;
    }

    /** By the constructor that takes the fewest arguments of kinds that can be made up. */
    private static List<Exception> instances(Class<? extends Exception> type) {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            Object[] arguments = new Object[constructor.getParameterCount()];
            boolean known = true;
            for (int i = 0; i < arguments.length; i++) {
                Class<?> parameter = constructor.getParameterTypes()[i];
                if (parameter == String.class) {
                    arguments[i] = "text";
                } else if (parameter == Set.class) {
                    arguments[i] = Set.of("t");
                } else if (parameter == Map.class) {
                    arguments[i] = Map.of();
                } else {
                    known = false;
                }
            }
            if (known) {
                try {
                    constructor.setAccessible(true);
                    return List.of((Exception) constructor.newInstance(arguments));
                } catch (ReflectiveOperationException e) {
                    throw new LinkageError(type + " cannot be made", e);
                }
            }
        }
        return List.of();
    }
}
