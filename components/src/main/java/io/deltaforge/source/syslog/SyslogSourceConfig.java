package io.deltaforge.source.syslog;

import io.deltaforge.spi.Setting;
import io.deltaforge.spi.intake.ListenAddress;
import io.deltaforge.spi.tls.ServerTls;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of {@code type: syslog}. */
public record SyslogSourceConfig(
        @Setting(doc = "Name of the source in events, metrics and logs.", value = "syslog")
        String id,

        @Setting(
                doc = "Where TCP is listened on: a port of 127.0.0.1, or host:port; 0.0.0.0:514 is every network."
                        + " Messages with their length before them and messages with a newline behind them are told apart"
                        + " by themselves.")
        @Nullable
        ListenAddress tcp,

        @Setting(doc = "Where TLS is listened on (RFC 5425); needs cert_file and key_file.") @Nullable
        ListenAddress tls,

        @Setting(
                doc =
                        "Where UDP is listened on. It cannot be slowed down: what finds the sinks' queues full is dealt with"
                                + " as their backpressure settings say.")
        @Nullable
        ListenAddress udp,

        @Setting(doc = "PEM file of the server's certificate, and those between it and its authority.") @Nullable
        String certFile,

        @Setting(doc = "PEM file of the server's private key, not encrypted.") @Nullable
        String keyFile,

        @Setting(doc = "PEM file of the authorities whose clients may connect; without it clients need no certificate.")
        @Nullable
        String clientCaFile,

        @Setting(
                doc = "Most bytes of a message. Of a longer one the beginning is delivered, marked as truncated.",
                value = "65536")
        int maxMessageBytes,

        @Setting(doc = "Most connections at once, over TCP and TLS each; more wait until one ends.", value = "1000")
        int maxConnections,

        @Setting(
                doc =
                        "After how long without a message a connection is closed. Without it never: senders often notice a"
                                + " closed connection only after they lost a message to it.")
        @Nullable
        Duration idleTimeout,

        @Setting(
                doc = "Time zone of timestamps that name none (RFC 3164), e.g. `Europe/Berlin`; `system` is this"
                        + " machine's.",
                value = "system")
        Zone timezone,

        @Setting(doc = "Labels that every entry gets, beside `peer` and `host`.", value = "{}")
        Map<String, String> labels) {

    /** A time zone. */
    public record Zone(ZoneId id) {
        public static Zone parse(String text) {
            try {
                return new Zone(text.equals("system") ? ZoneId.systemDefault() : ZoneId.of(text));
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(
                        "\"" + text + "\" is no time zone; write system, UTC, +02:00 or Europe/Berlin");
            }
        }
    }

    public SyslogSourceConfig {
        labels = Map.copyOf(labels);
        require(!id.isBlank(), "id must not be empty");
        require(tcp != null || tls != null || udp != null, "one of tcp, tls and udp must be set, e.g. tcp: 5514");
        ServerTls files = ServerTls.of(certFile, keyFile, clientCaFile);
        require(tls == null || files != null, "tls needs cert_file and key_file");
        require(tls != null || files == null, "cert_file is set, but no tls: set tls to the address to listen on");
        require(
                maxMessageBytes >= 480 && maxMessageBytes <= 16 << 20,
                "max_message_bytes must be between 480 and 16777216, but is " + maxMessageBytes);
        require(
                maxConnections >= 1 && maxConnections <= 100_000,
                "max_connections must be between 1 and 100000, but is " + maxConnections);
        require(idleTimeout == null || idleTimeout.toSeconds() >= 1, "idle_timeout must be at least 1s");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
