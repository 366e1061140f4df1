package io.deltaforge.sink.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltaforge.spi.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handshakes between what our settings make of PEM files and a server that asks for the client's certificate. */
class TlsSettingsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final int PKCS8_HEADER_OF_RSA_2048 = 26;

    @TempDir
    static Path files;

    private static SSLContext server;

    @BeforeAll
    static void makeCertificates() throws Exception {
        KeyStore ours = keystore("server", "localhost");
        KeyStore theirs = keystore("client", "client");
        Files.writeString(
                files.resolve("ca.pem"), pem("CERTIFICATE", certificate(ours).getEncoded()));
        Path directory = Files.createDirectory(files.resolve("authorities"));
        Files.writeString(directory.resolve("readme.txt"), "no certificate");
        Files.copy(files.resolve("ca.pem"), directory.resolve("server.crt"));
        Files.writeString(
                files.resolve("client.pem"),
                pem("CERTIFICATE", certificate(theirs).getEncoded()));
        byte[] pkcs8 = theirs.getKey("client", PASSWORD).getEncoded();
        Files.writeString(files.resolve("client.key"), pem("PRIVATE KEY", pkcs8));
        Files.writeString(
                files.resolve("client-pkcs1.key"),
                pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, PKCS8_HEADER_OF_RSA_2048, pkcs8.length)));
        server = context(ours, theirs);
    }

    @Test
    void aFileOfAuthoritiesAndAKeyInPkcs8() throws Exception {
        assertThat(handshake(settings("ca.pem", "client.key"))).isEqualTo("CN=client");
    }

    @Test
    void aDirectoryOfAuthoritiesAndAKeyInPkcs1() throws Exception {
        assertThat(handshake(settings("authorities", "client-pkcs1.key"))).isEqualTo("CN=client");
    }

    @Test
    void everythingInTheConfigurationItself() throws Exception {
        Map<String, String> conf = Map.of(
                "security.protocol", "SSL",
                "ssl.ca.pem", Files.readString(files.resolve("ca.pem")),
                "ssl.certificate.pem", Files.readString(files.resolve("client.pem")),
                "ssl.key.pem", Files.readString(files.resolve("client.key")));

        assertThat(handshake(conf)).isEqualTo("CN=client");
        assertThat(ProducerSettings.of("s", "b:1", 60, false, conf).explain().toString())
                .doesNotContain("BEGIN");
    }

    @Test
    void aPkcs12Keystore() throws Exception {
        assertThat(handshake(Map.of(
                        "security.protocol", "SSL",
                        "ssl.ca.location", files.resolve("ca.pem").toString(),
                        "ssl.keystore.location", files.resolve("client.p12").toString(),
                        "ssl.keystore.password", "changeit",
                        "ssl.key.password", "changeit")))
                .isEqualTo("CN=client");
    }

    @Test
    void aStrangersCertificateIsRefusedUnlessAllAreTrusted() throws Exception {
        Map<String, String> conf = new HashMap<>(settings("client.pem", "client.key"));

        assertThatThrownBy(() -> handshake(conf)).isInstanceOf(SSLHandshakeException.class);

        conf.put("enable.ssl.certificate.verification", "false");
        assertThat(handshake(conf)).isEqualTo("CN=client");
        assertThat(ProducerSettings.of("s", "b:1", 60, false, conf).warnings())
                .anyMatch(warning -> warning.contains("WHOEVER ANSWERS IS TRUSTED"));
    }

    @Test
    void aKeyOfAnotherCertificateIsNamed() throws Exception {
        Map<String, String> conf = new HashMap<>(settings("ca.pem", "client.key"));
        conf.put("ssl.certificate.location", files.resolve("ca.pem").toString());

        assertThatThrownBy(() -> handshake(conf))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessage("the key in " + files.resolve("client.key") + " is not that of the first certificate in "
                        + files.resolve("ca.pem"));
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> handshake(settings("nowhere.pem", "client.key")))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageContaining("there is no file " + files.resolve("nowhere.pem"));
        assertThatThrownBy(() -> handshake(Map.of("security.protocol", "SSL", "ssl.truststore.location", "/no/t.jks")))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageContaining("there is no file /no/t.jks");
        assertThatThrownBy(() -> handshake(settings("ca.pem", "client.pem")))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageContaining("client.pem holds no private key in PEM form");
        assertThatThrownBy(() -> ProducerSettings.of(
                        "s", "b:1", 60, false, Map.of("security.protocol", "SSL", "ssl.key.location", "x")))
                .hasMessageContaining("ssl.key.location needs ssl.certificate.location as well");
    }

    private static Map<String, String> settings(String authorities, String key) {
        return Map.of(
                "security.protocol", "SSL",
                "ssl.ca.location", files.resolve(authorities).toString(),
                "ssl.certificate.location", files.resolve("client.pem").toString(),
                "ssl.key.location", files.resolve(key).toString());
    }

    /** The client's name, as the server saw it. */
    private static String handshake(Map<String, String> clientConf) throws Exception {
        Map<String, Object> loaded = KafkaClients.load(ProducerSettings.of("s", "b:1", 60, false, clientConf));
        loaded.put("key.serializer", ByteArraySerializer.class);
        loaded.put("value.serializer", ByteArraySerializer.class);
        Map<String, Object> configs = new HashMap<>(loaded);
        configs.putAll(new ProducerConfig(loaded).values());
        try (SslEngineFactory factory =
                Utils.newInstance(String.valueOf(loaded.get("ssl.engine.factory.class")), SslEngineFactory.class)) {
            factory.configure(configs);
            SSLEngine client = factory.createClientSslEngine("localhost", 9093, "");
            SSLEngine broker = server.createSSLEngine();
            broker.setUseClientMode(false);
            broker.setNeedClientAuth(true);
            client.beginHandshake();
            broker.beginHandshake();
            ByteBuffer toBroker = ByteBuffer.allocate(1 << 16);
            ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
            for (int i = 0; i < 100 && !(isDone(client) && isDone(broker) && toBroker.position() == 0); i++) {
                advance(client, toBroker, toClient);
                advance(broker, toClient, toBroker);
            }
            return broker.getSession().getPeerPrincipal().getName();
        }
    }

    private static boolean isDone(SSLEngine engine) {
        return engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING;
    }

    private static void advance(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
        ByteBuffer nothing = ByteBuffer.allocate(1 << 16);
        engine.wrap(ByteBuffer.allocate(0), out);
        in.flip();
        while (in.hasRemaining()
                && engine.unwrap(in, nothing).bytesConsumed() > 0
                && engine.getHandshakeStatus() != SSLEngineResult.HandshakeStatus.NEED_TASK) {
            nothing.clear();
        }
        in.compact();
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    private static SSLContext context(KeyStore ours, KeyStore trusted) throws GeneralSecurityException, IOException {
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        authorities.setCertificateEntry("client", certificate(trusted));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(ours, PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static X509Certificate certificate(KeyStore store) throws GeneralSecurityException {
        return (X509Certificate) store.getCertificate(store.aliases().nextElement());
    }

    /** A new key with a certificate that it signed itself, made by the JDK's keytool. */
    private static KeyStore keystore(String alias, String name)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path file = files.resolve(alias + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        alias,
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-dname",
                        "CN=" + name,
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }
}
