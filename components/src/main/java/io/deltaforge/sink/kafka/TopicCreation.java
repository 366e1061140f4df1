package io.deltaforge.sink.kafka;

import io.deltaforge.sink.kafka.KafkaErrors.BatchFailed;
import io.deltaforge.sink.kafka.KafkaErrors.RecordError;
import io.deltaforge.spi.Failure;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates a topic as {@code create_topics} says. Thread-safe. */
final class TopicCreation {
    private static final Logger LOG = LoggerFactory.getLogger(TopicCreation.class);

    private final String sinkId;
    private final CreateTopics settings;

    TopicCreation(String sinkId, CreateTopics settings) {
        this.sinkId = sinkId;
        this.settings = settings;
    }

    /** Returns why it could not be created; {@code null} when it is there, whoever made it. */
    @Nullable
    RecordError create(String topic, Admin admin) throws InterruptedException {
        Integer replicas = settings.replicationFactor();
        NewTopic wanted = new NewTopic(
                        topic,
                        Optional.ofNullable(settings.partitions()),
                        Optional.ofNullable(replicas).map(Integer::shortValue))
                .configs(settings.configs());
        try {
            admin.createTopics(List.of(wanted)).all().get();
            LOG.info("sink {}: created topic {}", sinkId, topic);
            return null;
        } catch (ExecutionException e) {
            return e.getCause() instanceof Exception cause ? refusal(cause, topic) : refusal(e, topic);
        }
    }

    private static @Nullable RecordError refusal(Exception error, String topic) {
        return switch (error) {
            case TopicExistsException e -> null;
            case AuthorizationException e ->
                fatal(
                        "not allowed to create topic " + topic + ": ",
                        e,
                        "Grant it: kafka-acls.sh --add --allow-principal User:… --operation Create --topic " + topic
                                + ", or create the topic yourself.");
            case InvalidReplicationFactorException e ->
                // brokers that are only starting make this true for a while
                new BatchFailed(new Failure.Retryable(
                        cannot(topic) + KafkaErrors.sentence(e)
                                + " Start more brokers, or lower create_topics.replication_factor.",
                        e));
            case PolicyViolationException e ->
                fatal(cannot(topic), e, "The cluster has rules for new topics: change create_topics to meet them.");
            case InvalidTopicException e -> KafkaErrors.onRecord(e, topic);
            case InvalidPartitionsException e -> fatal(cannot(topic), e, "Change create_topics.partitions.");
            case UnsupportedVersionException e ->
                fatal(
                        cannot(topic),
                        e,
                        "Brokers before 2.4 must be told both create_topics.partitions and replication_factor.");
            case InvalidConfigurationException e -> fatal(cannot(topic), e, "Mend create_topics.configs.");
            case InvalidRequestException e -> fatal(cannot(topic), e, "Mend create_topics.");
            default -> KafkaErrors.onRecord(error, topic);
        };
    }

    private static String cannot(String topic) {
        return "topic " + topic + " cannot be created: ";
    }

    private static BatchFailed fatal(String what, Exception error, String whatToDo) {
        return new BatchFailed(new Failure.Fatal(what + KafkaErrors.sentence(error) + " " + whatToDo, error));
    }
}
