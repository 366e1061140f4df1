package io.deltaforge.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.spi.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a factory holds after its files changed and a connection was made; on real brokers in {@link CertificateRotationIT}. */
class ReloadingSslEngineFactoryTest {
    private static final Authority FIRST = new Authority("first");
    private static final Authority SECOND = new Authority("second");

    @TempDir
    Path files;

    @Test
    void aReplacedFileIsTrustedFromTheNextConnectionOn() throws Exception {
        FIRST.writeCertificate(files.resolve("ca.pem"));
        try (ReloadingSslEngineFactory factory = factory(Map.of("ssl.ca.location", path("ca.pem")))) {
            SECOND.writeCertificate(files.resolve("ca.pem"));
            assertThat(certificates(factory.truststore())).containsExactly(FIRST.certificate());

            connect(factory);

            assertThat(certificates(factory.truststore())).containsExactly(SECOND.certificate());
        }
    }

    @Test
    void aFileThatComesIntoADirectoryOfAuthoritiesIsTrusted() throws Exception {
        Path directory = Files.createDirectory(files.resolve("authorities"));
        FIRST.writeCertificate(directory.resolve("a.pem"));
        try (ReloadingSslEngineFactory factory = factory(Map.of("ssl.ca.location", path("authorities")))) {
            SECOND.writeCertificate(directory.resolve("b.pem"));

            connect(factory);

            assertThat(certificates(factory.truststore()))
                    .containsExactlyInAnyOrder(FIRST.certificate(), SECOND.certificate());
        }
    }

    @Test
    void aLinkThatLeadsElsewhereIsFollowed() throws Exception {
        Path link = files.resolve("ca.pem");
        Files.createSymbolicLink(link, FIRST.writeCertificate(files.resolve("ca-1.pem")));
        SECOND.writeCertificate(files.resolve("ca-2.pem"));
        try (ReloadingSslEngineFactory factory = factory(Map.of("ssl.ca.location", path("ca.pem")))) {
            Files.delete(link);
            Files.createSymbolicLink(link, files.resolve("ca-2.pem"));

            connect(factory);

            assertThat(certificates(factory.truststore())).containsExactly(SECOND.certificate());
        }
    }

    @Test
    void filesThatCannotBeUsedChangeNothingUntilTheyAreWhole() throws Exception {
        FIRST.writeCertificate(files.resolve("ca.pem"));
        try (ReloadingSslEngineFactory factory = factory(Map.of("ssl.ca.location", path("ca.pem")))) {
            Files.writeString(files.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\nMIIB");
            connect(factory);
            assertThat(certificates(factory.truststore())).containsExactly(FIRST.certificate());

            Files.delete(files.resolve("ca.pem"));
            connect(factory);
            assertThat(certificates(factory.truststore())).containsExactly(FIRST.certificate());

            SECOND.writeCertificate(files.resolve("ca.pem"));
            connect(factory);
            assertThat(certificates(factory.truststore())).containsExactly(SECOND.certificate());
        }
    }

    @Test
    void aNewCertificateWaitsForItsKey() throws Exception {
        Identity before = FIRST.issue("client");
        Identity after = FIRST.issue("client");
        before.writeCertificate(files.resolve("client.pem"));
        before.writeKey(files.resolve("client.key"));
        Map<String, String> conf =
                Map.of("ssl.certificate.location", path("client.pem"), "ssl.key.location", path("client.key"));
        try (ReloadingSslEngineFactory factory = factory(conf)) {
            after.writeCertificate(files.resolve("client.pem"));
            connect(factory);
            assertThat(certificates(factory.keystore())).containsExactly(before.certificate());

            after.writeKey(files.resolve("client.key"));
            connect(factory);
            assertThat(certificates(factory.keystore())).containsExactly(after.certificate());
        }
    }

    @Test
    void aStoreIsReadAgainToo() throws Exception {
        Identity after = FIRST.issue("client");
        FIRST.issue("client").writeStore(files.resolve("client.p12"), "PKCS12", "changeit");
        Map<String, String> conf = Map.of(
                "ssl.keystore.location", path("client.p12"),
                "ssl.keystore.password", "changeit",
                "ssl.key.password", "changeit");
        try (ReloadingSslEngineFactory factory = factory(conf)) {
            after.writeStore(files.resolve("client.p12"), "PKCS12", "changeit");

            connect(factory);

            assertThat(certificates(factory.keystore())).containsExactly(after.certificate());
        }
    }

    private static void connect(ReloadingSslEngineFactory factory) {
        factory.createClientSslEngine("localhost", 9093, "https");
    }

    private static ReloadingSslEngineFactory factory(Map<String, String> tls) throws Failure {
        Map<String, String> conf = new HashMap<>(tls);
        conf.put("security.protocol", "SSL");
        Map<String, Object> loaded = KafkaClients.load(ProducerSettings.of("s", "b:1", 60, false, conf));
        loaded.put("key.serializer", ByteArraySerializer.class);
        loaded.put("value.serializer", ByteArraySerializer.class);
        Map<String, Object> configs = new HashMap<>(loaded);
        configs.putAll(new ProducerConfig(loaded).values());
        ReloadingSslEngineFactory factory = new ReloadingSslEngineFactory();
        factory.configure(configs);
        return factory;
    }

    private static List<Certificate> certificates(KeyStore store) throws KeyStoreException {
        List<Certificate> certificates = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            certificates.add(store.getCertificate(alias));
        }
        return certificates;
    }

    private String path(String name) {
        return files.resolve(name).toString();
    }
}
