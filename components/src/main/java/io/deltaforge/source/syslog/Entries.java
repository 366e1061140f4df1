package io.deltaforge.source.syslog;

import io.deltaforge.event.LogStream;
import io.deltaforge.spi.intake.Draft;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes entries of messages. Confined to one thread. */
final class Entries {
    /** Most streams remembered; each has its labels. */
    private static final int MAX_STREAMS = 1000;

    private static final int MAX_HOST = 255;

    private final String protocol;
    private final Map<String, String> labels;
    private final SyslogParser parser;
    private final Map<Origin, LogStream> streams = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Origin, LogStream> eldest) {
            return size() > MAX_STREAMS;
        }
    };

    private record Origin(InetAddress peer, String host, boolean understood) {}

    /** @param protocol tcp, tls or udp */
    Entries(String protocol, Map<String, String> labels, SyslogParser parser) {
        this.protocol = protocol;
        this.labels = labels;
        this.parser = parser;
    }

    Draft entry(byte[] message, boolean truncated, InetAddress peer) {
        long nowMicros = Math.multiplyExact(System.currentTimeMillis(), 1000);
        Parsed parsed = parser.parse(message, nowMicros);
        String host = parsed.hostname().length() > MAX_HOST ? "" : parsed.hostname();
        LogStream stream =
                streams.computeIfAbsent(new Origin(peer, host, parsed.understood()), origin -> stream(origin));
        return new Draft(
                stream,
                message,
                parsed.start(),
                parsed.end(),
                parsed.timeMicros(),
                parsed.level(),
                parsed.fields(),
                truncated);
    }

    private LogStream stream(Origin origin) {
        String peer = origin.peer.getHostAddress();
        Map<String, String> all = new LinkedHashMap<>(labels);
        all.put("peer", peer);
        if (!origin.host.isEmpty()) {
            all.put("host", origin.host);
        }
        if (!origin.understood) {
            all.put("unparsed", "true");
        }
        String name = protocol + "://" + peer + (origin.host.isEmpty() ? "" : "/" + origin.host);
        return new LogStream(printable(name), name, all, null);
    }

    private static String printable(String name) {
        StringBuilder id = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            id.append(c > ' ' && c < 127 && c != '"' && c != '\\' && c != '\'' ? c : '_');
        }
        return id.toString();
    }
}
