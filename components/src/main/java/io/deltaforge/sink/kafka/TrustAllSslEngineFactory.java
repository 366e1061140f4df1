package io.deltaforge.sink.kafka;

import io.deltaforge.spi.tls.Pem;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** TLS that believes whatever certificate the broker shows: {@code enable.ssl.certificate.verification=false}. */
public final class TrustAllSslEngineFactory implements ClientSslEngineFactory {
    private static final char[] NO_PASSWORD = new char[0];

    private @Nullable SSLContext context;

    @Override
    public void configure(Map<String, ?> configs) {
        try {
            SSLContext created = SSLContext.getInstance("TLS");
            created.init(keyManagers(configs), new TrustManager[] {new TrustAll()}, null);
            context = created;
        } catch (GeneralSecurityException | IOException e) {
            throw new KafkaException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static KeyManager @Nullable [] keyManagers(Map<String, ?> configs)
            throws GeneralSecurityException, IOException {
        String chain = text(configs, SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG);
        String key = text(configs, SslConfigs.SSL_KEYSTORE_KEY_CONFIG);
        String location = text(configs, SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG);
        KeyStore store;
        char[] keyPassword = NO_PASSWORD;
        if (chain != null && key != null) {
            store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("client", Pem.privateKey(key), NO_PASSWORD, Pem.certificates(chain));
        } else if (location != null) {
            String type = text(configs, SslConfigs.SSL_KEYSTORE_TYPE_CONFIG);
            String password = text(configs, SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG);
            String ofKey = text(configs, SslConfigs.SSL_KEY_PASSWORD_CONFIG);
            char[] storePassword = password == null ? NO_PASSWORD : password.toCharArray();
            store = KeyStore.getInstance(type == null ? "PKCS12" : type);
            try (InputStream in = Files.newInputStream(Path.of(location))) {
                store.load(in, storePassword);
            }
            keyPassword = ofKey == null ? storePassword : ofKey.toCharArray();
        } else {
            return null;
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, keyPassword);
        return factory.getKeyManagers();
    }

    private static @Nullable String text(Map<String, ?> configs, String name) {
        Object value = configs.get(name);
        return value instanceof Password password ? password.value() : value == null ? null : value.toString();
    }

    @Override
    public SSLEngine createClientSslEngine(String peerHost, int peerPort, String endpointIdentification) {
        SSLContext created = context;
        if (created == null) {
            throw new IllegalStateException("not configured");
        }
        SSLEngine engine = created.createSSLEngine(peerHost, peerPort);
        engine.setUseClientMode(true);
        return engine;
    }

    @Override
    public @Nullable KeyStore keystore() {
        return null;
    }

    @Override
    public @Nullable KeyStore truststore() {
        return null;
    }

    @Override
    public void close() {}

    private static final class TrustAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
