package io.deltaforge.source.http;

import io.deltaforge.spi.Secret;
import io.deltaforge.spi.Setting;
import io.deltaforge.spi.intake.ListenAddress;
import io.deltaforge.spi.tls.ServerTls;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of {@code type: http}. */
public record HttpSourceConfig(
        @Setting(doc = "Name of the source in events, metrics and logs.", value = "http")
        String id,

        @Setting(
                doc = "Where to listen: a port of 127.0.0.1, or host:port; 0.0.0.0:8088 is every network.",
                value = "127.0.0.1:8088")
        ListenAddress listen,

        @Setting(doc = "The path that takes entries.", value = "/logs")
        String path,

        @Setting(doc = "What clients must send as `Authorization: Bearer …`; without it, nothing.") @Nullable
        Secret bearerToken,

        @Setting(doc = "The user that clients must log in as, instead of a token.") @Nullable
        String username,

        @Setting(doc = "The user's password.") @Nullable Secret password,

        @Setting(doc = "PEM file of the server's certificate, and those between it and its authority: speaks HTTPS.")
        @Nullable
        String certFile,

        @Setting(doc = "PEM file of the server's private key, not encrypted.") @Nullable
        String keyFile,

        @Setting(doc = "PEM file of the authorities whose clients may connect; without it clients need no certificate.")
        @Nullable
        String clientCaFile,

        @Setting(doc = "Most bytes of a body, unpacked; larger ones are refused with 413.", value = "8388608")
        int maxBodyBytes,

        @Setting(doc = "Most bytes of one entry; a body with a larger one is refused with 413.", value = "524288")
        int maxEntryBytes,

        @Setting(
                doc =
                        "How long a request waits until its entries are durable at the sinks. Then it is answered with 503,"
                                + " and the client sends it again.",
                value = "30s")
        Duration ackTimeout,

        @Setting(doc = "Most requests at once; more are answered with 503.", value = "64")
        int maxRequests,

        @Setting(doc = "Labels that every entry gets, beside `peer`.", value = "{}")
        Map<String, String> labels) {

    public HttpSourceConfig {
        labels = Map.copyOf(labels);
        require(!id.isBlank(), "id must not be empty");
        require(path.startsWith("/") && path.indexOf('?') < 0, "path must begin with /, e.g. /logs");
        require(bearerToken == null || !bearerToken.reveal().isBlank(), "bearer_token must not be empty");
        require(
                bearerToken == null || username == null,
                "username and bearer_token exclude each other: an Authorization header holds one of them");
        require(username == null || password != null, "password is missing: username needs one");
        require(username != null || password == null, "username is missing: password belongs to one");
        require(username == null || username.indexOf(':') < 0, "username must not contain a colon");
        ServerTls.of(certFile, keyFile, clientCaFile);
        require(
                maxBodyBytes >= 1024 && maxBodyBytes <= 64 << 20,
                "max_body_bytes must be between 1024 and 67108864, but is " + maxBodyBytes);
        require(
                maxEntryBytes >= 64 && maxEntryBytes <= 16 << 20,
                "max_entry_bytes must be between 64 and 16777216, but is " + maxEntryBytes);
        require(ackTimeout.isPositive() && ackTimeout.toHours() < 1, "ack_timeout must be between 1ms and 1h");
        require(
                maxRequests >= 1 && maxRequests <= 1000,
                "max_requests must be between 1 and 1000, but is " + maxRequests);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
