package io.deltaforge.bench;

import io.deltaforge.encoding.json.JsonEncoding;
import io.deltaforge.envelope.cloudevents.CloudEventsEnvelope;
import io.deltaforge.envelope.debezium.DebeziumEnvelope;
import io.deltaforge.envelope.debezium.DecimalHandling;
import io.deltaforge.envelope.nativejson.NativeEnvelope;
import io.deltaforge.event.Event;
import io.deltaforge.event.RowChange;
import io.deltaforge.sandbox.PostgresServer;
import io.deltaforge.source.postgres.CapturedLog;
import io.deltaforge.spi.Encoding;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.postgresql.replication.PGReplicationStream;

/** The cost of one event, in nanoseconds, on messages that a real server wrote. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class CodecBenchmark {
    private static final int EVENTS = 10_000;

    /** Captured once a fork. */
    @SuppressWarnings("NullAway.Init") // JMH calls the set-up first
    @State(Scope.Benchmark)
    public static class Captured {
        @Param({"orders", "wide"})
        public String shape = "";

        CapturedLog log;
        List<RowChange> events = new ArrayList<>();

        @Setup
        public void capture() throws Exception {
            try (PostgresServer server = PostgresServer.start();
                    Connection connection = server.connect()) {
                RowShape rows = RowShape.valueOf(shape.toUpperCase(Locale.ROOT));
                Backlog backlog = Backlog.write(connection, "codec", rows, EVENTS, 100, false, 1);
                try (Connection replication = BareStream.connect(server.jdbcUrl());
                        PGReplicationStream stream =
                                BareStream.open(replication, backlog.slots().getFirst(), backlog.publication())) {
                    log = new CapturedLog(stream, server.dsn(), EVENTS);
                }
                // while the server is there to be asked about types
                log.decode(event -> events.add((RowChange) event));
            }
        }
    }

    /** One envelope over the events decoded. */
    @SuppressWarnings("NullAway.Init")
    @State(Scope.Thread)
    public static class Encoded {
        @Param({"native", "debezium", "cloudevents"})
        public String envelope = "";

        Encoding.Encoder encoder;

        @Setup
        public void prepare() {
            encoder = new JsonEncoding()
                    .encoder(
                            switch (envelope) {
                                case "native" -> new NativeEnvelope();
                                case "debezium" ->
                                    new DebeziumEnvelope(
                                            new DebeziumEnvelope.DebeziumEnvelopeConfig(DecimalHandling.PRECISE));
                                default ->
                                    new CloudEventsEnvelope(
                                            new CloudEventsEnvelope.CloudEventsEnvelopeConfig("io.deltaforge"));
                            });
        }
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void decode(Captured captured, Blackhole blackhole) {
        captured.log.decode(blackhole::consume);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void encode(Captured captured, Encoded encoded, Blackhole blackhole) {
        for (Event event : captured.events) {
            blackhole.consume(encoded.encoder.value(event));
        }
    }
}
