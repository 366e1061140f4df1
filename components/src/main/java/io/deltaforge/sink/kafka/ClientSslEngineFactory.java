package io.deltaforge.sink.kafka;

import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.security.auth.SslEngineFactory;

/** Makes TLS for clients only, and is never configured anew. */
interface ClientSslEngineFactory extends SslEngineFactory {
    @Override
    default SSLEngine createServerSslEngine(String peerHost, int peerPort) {
        throw new IllegalStateException("only a client is made this way");
    }

    @Override
    default boolean shouldBeRebuilt(Map<String, Object> nextConfigs) {
        return false;
    }

    @Override
    default Set<String> reconfigurableConfigs() {
        return Set.of();
    }
}
