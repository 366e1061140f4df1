package io.deltaforge.sink.kafka;

import io.deltaforge.spi.Failure;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A program of its own, so that its class path can have the jar of Amazon's login module or not: see {@link MskIamIT}. */
final class MskLogin {
    /** As it stands on the page about production in our specification. */
    static final Map<String, String> CLIENT_CONF = Map.of(
            "security.protocol", "SASL_SSL",
            "sasl.mechanism", "AWS_MSK_IAM",
            "sasl.jaas.config", "software.amazon.msk.auth.iam.IAMLoginModule required;",
            "sasl.client.callback.handler.class", "software.amazon.msk.auth.iam.IAMClientCallbackHandler");

    private MskLogin() {}

    /** @param arguments the brokers */
    public static void main(String[] arguments) {
        try {
            Map<String, Object> settings =
                    KafkaClients.load(ProducerSettings.of("sink", arguments[0], 60, false, CLIENT_CONF));
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()).close();
            System.out.println("SAID the producer is built");
            KafkaClients.check(settings);
            System.out.println("SAID logged in");
        } catch (Failure failure) {
            System.out.println("SAID " + failure.getClass().getSimpleName() + ": " + failure.getMessage());
        }
    }
}
