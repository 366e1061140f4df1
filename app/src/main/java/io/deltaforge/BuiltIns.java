package io.deltaforge;

import io.deltaforge.config.Components;
import io.deltaforge.encoding.json.JsonEncoding;
import io.deltaforge.envelope.cloudevents.CloudEventsEnvelope;
import io.deltaforge.envelope.debezium.DebeziumEnvelope;
import io.deltaforge.envelope.nativejson.NativeEnvelope;
import io.deltaforge.envelope.raw.RawEnvelope;
import io.deltaforge.sink.file.FileSink;
import io.deltaforge.sink.http.HttpSink;
import io.deltaforge.sink.kafka.KafkaDlq;
import io.deltaforge.sink.kafka.KafkaSink;
import io.deltaforge.source.docker.DockerSource;
import io.deltaforge.source.http.HttpSource;
import io.deltaforge.source.logs.LogsSource;
import io.deltaforge.source.postgres.PostgresSource;
import io.deltaforge.source.stdin.StdinSource;
import io.deltaforge.source.syslog.SyslogSource;
import io.deltaforge.spi.ComponentType;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The one list of components. Third-party jars on the class path add theirs as {@link ComponentType.Provider}s. */
public final class BuiltIns {
    private static final List<ComponentType<?, ?>> TYPES = List.of(
            PostgresSource.TYPE,
            LogsSource.TYPE,
            StdinSource.TYPE,
            SyslogSource.TYPE,
            HttpSource.TYPE,
            DockerSource.TYPE,
            KafkaSink.TYPE,
            FileSink.TYPE,
            HttpSink.TYPE,
            KafkaDlq.TYPE,
            NativeEnvelope.TYPE,
            DebeziumEnvelope.TYPE,
            CloudEventsEnvelope.TYPE,
            RawEnvelope.TYPE,
            JsonEncoding.TYPE);

    private BuiltIns() {}

    /** What ships with DeltaForge. */
    public static Components shipped() {
        return new Components(TYPES);
    }

    /** What ships, and what is found in third-party jars. */
    public static Components all() {
        List<ComponentType<?, ?>> types = new ArrayList<>(TYPES);
        for (ComponentType.Provider provider : ServiceLoader.load(ComponentType.Provider.class)) {
            types.add(provider.type());
        }
        return new Components(types);
    }
}
