package io.deltaforge.sink.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka's own TLS, with certificates and keys that are read again when their files have changed: each new connection looks.
 * Files that cannot be used, such as half-written ones, change nothing. Confined to the client's network thread once it is
 * configured.
 */
public final class ReloadingSslEngineFactory implements ClientSslEngineFactory {
    /** The setting under which a client is given its {@link TlsFiles}. */
    static final String FILES = "deltaforge.tls.files";

    private static final Logger LOG = LoggerFactory.getLogger(ReloadingSslEngineFactory.class);

    private Map<String, ?> configs = Map.of();
    private Map<Path, TlsFiles.Version> seen = Map.of();
    private @Nullable TlsFiles files;
    private @Nullable SslEngineFactory current;

    @Override
    public void configure(Map<String, ?> given) {
        configs = given;
        files = (TlsFiles) Objects.requireNonNull(given.get(FILES), FILES);
        seen = files.versions();
        try {
            current = made(files);
        } catch (IOException | GeneralSecurityException e) {
            throw new KafkaException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private SslEngineFactory made(TlsFiles from) throws IOException, GeneralSecurityException {
        Map<String, Object> all = new HashMap<>(configs);
        Map<String, ConfigDef.ConfigKey> keys = ProducerConfig.configDef().configKeys();
        from.load().forEach((name, value) -> {
            ConfigDef.ConfigKey key = Objects.requireNonNull(keys.get(name), name);
            all.put(name, ConfigDef.parseType(name, value, key.type));
        });
        SslEngineFactory factory = new DefaultSslEngineFactory();
        try {
            factory.configure(all);
        } catch (KafkaException e) {
            throw new GeneralSecurityException(e.getMessage(), e);
        }
        return factory;
    }

    @Override
    public SSLEngine createClientSslEngine(String peerHost, int peerPort, String endpointIdentification) {
        reloadChanged();
        return current().createClientSslEngine(peerHost, peerPort, endpointIdentification);
    }

    private void reloadChanged() {
        TlsFiles from = Objects.requireNonNull(files, "not configured");
        Map<Path, TlsFiles.Version> now = from.versions();
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            SslEngineFactory next = made(from);
            current().close();
            current = next;
            LOG.info("certificates or keys changed: new connections to Kafka use what is in {}", from.files());
        } catch (IOException | GeneralSecurityException | ConfigException e) {
            LOG.warn(
                    "certificates or keys changed but cannot be used; going on with those before until {} change again: {}",
                    from.files(),
                    String.valueOf(e.getMessage()));
        }
    }

    private SslEngineFactory current() {
        return Objects.requireNonNull(current, "not configured");
    }

    @Override
    public @Nullable KeyStore keystore() {
        return current().keystore();
    }

    @Override
    public @Nullable KeyStore truststore() {
        return current().truststore();
    }

    @Override
    public void close() throws IOException {
        if (current != null) {
            current.close();
        }
    }
}
