package io.deltaforge.envelope.nativejson;

import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.Envelope;

/**
 * DeltaForge's own structure: {@code {"id":…,"op":…,"ts_us":…,"before":…,"after":…,"source":{…}}}, with values in their
 * plain form. What the source did not log is left out of a row and named in {@code unavailable}, never written as null.
 */
public final class NativeEnvelope implements Envelope {
    public static final ComponentType<Envelope, NativeEnvelopeConfig> TYPE = new ComponentType<>(
            Envelope.class,
            "native",
            "DeltaForge's own structure: small, plain values, every event with an identity.",
            NativeEnvelopeConfig.class,
            config -> new NativeEnvelope());

    /** Nothing to set. */
    public record NativeEnvelopeConfig() {}

    @Override
    public Writer writer() {
        return new NativeWriter();
    }
}
