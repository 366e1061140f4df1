package io.deltaforge.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Something that takes pushed lines to Kafka, ours in two ways; and what needs no pushing. */
enum PushReceiver {
    KCAT("kcat -P -l: reads the file itself, so it is the limit and no receiver"),
    DELTAFORGE_HTTP("DeltaForge, NDJSON, answered when durable"),
    DELTAFORGE_SYSLOG("DeltaForge, RFC 5424 over one TCP connection"),
    SYSLOG_NG("syslog-ng, the same to kafka-c()");

    private final String what;

    PushReceiver(String what) {
        this.what = what;
    }

    String what() {
        return what;
    }

    boolean isOurs() {
        return this == DELTAFORGE_HTTP || this == DELTAFORGE_SYSLOG;
    }

    boolean isInstalled() {
        return switch (this) {
            case KCAT -> LogShipper.KCAT.isInstalled();
            case SYSLOG_NG -> LogShipper.SYSLOG_NG.isInstalled();
            default -> true;
        };
    }

    /** The command of the process to be measured; its files go into the directory. */
    List<String> command(Path file, int port, Path directory, String brokers, String topic) throws IOException {
        String source = "network(ip(127.0.0.1) port(%d) transport(tcp) flags(syslog-protocol) log-iw-size(200000));"
                .formatted(port);
        return this == KCAT
                ? LogShipper.KCAT.command(file, directory, brokers, topic)
                : LogShipper.syslogNg(source, directory, brokers, topic);
    }

    /** Our pipeline file in the directory. */
    Path pipeline(int port, Path directory, String brokers, String topic) throws IOException {
        String source = this == DELTAFORGE_HTTP
                ? "    type: http\n    config: {listen: %d}".formatted(port)
                : "    type: syslog\n    config: {tcp: %d}".formatted(port);
        return LogShipper.pipeline(source, "", directory, brokers, topic);
    }

    /** Sends every line, once there is somebody at the port; nothing for what reads the file itself. */
    void push(PushClient client) throws IOException, InterruptedException {
        switch (this) {
            case KCAT -> {}
            case DELTAFORGE_HTTP -> client.http();
            case DELTAFORGE_SYSLOG, SYSLOG_NG -> client.syslog();
        }
    }
}
