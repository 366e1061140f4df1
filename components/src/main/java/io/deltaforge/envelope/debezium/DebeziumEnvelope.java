package io.deltaforge.envelope.debezium;

import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.Envelope;
import io.deltaforge.spi.Setting;
import java.time.InstantSource;

/**
 * Debezium's change event, {@code {"schema":null,"payload":{"before":…,"after":…,"source":{…},"op":…}}}, with values as its
 * PostgreSQL connector writes them by default. Keys are plain objects of the primary key's columns.
 */
public final class DebeziumEnvelope implements Envelope {
    public static final ComponentType<Envelope, DebeziumEnvelopeConfig> TYPE = new ComponentType<>(
            Envelope.class,
            "debezium",
            "Debezium's change event, for consumers that already read it.",
            DebeziumEnvelopeConfig.class,
            DebeziumEnvelope::new);

    /** How values are written. */
    public record DebeziumEnvelopeConfig(
            @Setting(
                    value = "precise",
                    doc = "How numeric and money are written, as Debezium's decimal.handling.mode: precise (bytes in"
                            + " base64), string or double. NaN and infinities have no bytes: with precise an event that"
                            + " holds one is rejected.")
            DecimalHandling decimal) {}

    private final DebeziumEnvelopeConfig config;
    private final InstantSource clock;

    public DebeziumEnvelope(DebeziumEnvelopeConfig config) {
        this(config, InstantSource.system());
    }

    /** @param clock says when an event was written, the outer {@code ts_ms} */
    DebeziumEnvelope(DebeziumEnvelopeConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
    }

    @Override
    public Writer writer() {
        return new DebeziumWriter(config.decimal(), clock);
    }
}
