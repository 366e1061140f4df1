package io.deltaforge.sink.kafka;

import static io.deltaforge.sink.kafka.OrderEvents.ORDERS;
import static io.deltaforge.sink.kafka.OrderEvents.batch;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates expire; a pipeline that runs takes the new ones from the files that its configuration names. */
class CertificateRotationIT {
    @TempDir
    Path files;

    private final OrderEvents events = new OrderEvents();

    @Test
    void aRunningSinkGoesOnWithTheNewCertificatesOfBothSides() throws Exception {
        try (SecureKafka kafka = SecureKafka.start(files)) {
            kafka.cluster().createTopic("rotated", 1, Map.of());
            Identity before = kafka.authority().issue("client");
            Map<String, String> conf = new HashMap<>(kafka.tls());
            conf.put(
                    "ssl.certificate.location",
                    before.writeCertificate(kafka.file("client.pem")).toString());
            conf.put(
                    "ssl.key.location",
                    before.writeKey(kafka.file("client.key")).toString());
            KafkaSink sink = kafka.open(SecureKafka.MUTUAL_TLS, "rotated", conf);
            delivered(sink.write(batch(events.insert(ORDERS, 1, "ann", "n"))));

            kafka.cluster().stopBroker(1);
            Authority next = new Authority("next authority");
            next.issue("broker").writeBoth(kafka.file("broker.pem"));
            Identity after = next.issue("client");
            after.writeCertificate(kafka.file("client.pem"));
            after.writeKey(kafka.file("client.key"));
            Path renamed = next.writeCertificate(kafka.file("ca.pem.new"));
            Files.move(renamed, kafka.file("ca.pem"), StandardCopyOption.REPLACE_EXISTING);
            kafka.cluster().startBroker(1);

            delivered(sink.write(batch(events.insert(ORDERS, 2, "ann", "n"))));
            assertThat(kafka.cluster().readAll("rotated")).hasSize(2);
        }
    }

    private static void delivered(CompletableFuture<Void> written) throws Exception {
        written.get(60, TimeUnit.SECONDS);
    }
}
