package io.deltaforge.bench;

import java.util.Locale;

/** Settings under which a pipeline is measured: our defaults, and the three ways to tune Kafka that people know. */
enum Recipe {
    DEFAULTS("", ""),
    EXACTLY_ONCE("        exactly_once: true\n", ""),
    HIGH_THROUGHPUT("""
                    client_conf:
                      acks: "1"
                      batch.size: "131072"
                      linger.ms: "50"
                      compression.type: "lz4"
            """, """
              batch:
                max_events: 5000
                max_ms: 200
                max_inflight: 8
            """),
    LOW_LATENCY("""
                    client_conf:
                      acks: "1"
                      batch.size: "16384"
                      linger.ms: "0"
                      compression.type: "none"
            """, """
              batch:
                max_events: 100
                max_ms: 10
                max_inflight: 2
            """),
    MAX_DURABILITY("""
                    exactly_once: true
                    client_conf:
                      acks: "all"
                      enable.idempotence: "true"
                      max.in.flight.requests.per.connection: "5"
                      retries: "2147483647"
            """, """
              batch:
                respect_source_tx: true
                max_inflight: 1
            """);

    private final String sink;
    private final String spec;

    Recipe(String sink, String spec) {
        this.sink = sink;
        this.spec = spec;
    }

    /** Lines below a sink's {@code config}. */
    String sink() {
        return sink;
    }

    /** Lines below {@code spec}. */
    String spec() {
        return spec;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
