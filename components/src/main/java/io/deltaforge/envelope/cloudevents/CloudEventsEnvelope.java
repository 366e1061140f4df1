package io.deltaforge.envelope.cloudevents;

import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.Envelope;
import io.deltaforge.spi.Setting;

/**
 * A CloudEvent in structured mode: the attributes and, under {@code data}, {@code before}, {@code after}, {@code op} and
 * {@code source} with values in their plain form. What the source did not log is left out of a row and named in
 * {@code unavailable}.
 */
public final class CloudEventsEnvelope implements Envelope {
    public static final ComponentType<Envelope, CloudEventsEnvelopeConfig> TYPE = new ComponentType<>(
            Envelope.class,
            "cloudevents",
            "CloudEvents 1.0 in structured mode.",
            CloudEventsEnvelopeConfig.class,
            CloudEventsEnvelope::new);

    private static final String BASE_TYPE_PREFIX = "application/";

    /** How events are named. */
    public record CloudEventsEnvelopeConfig(
            @Setting(
                    value = "io.deltaforge",
                    doc = "Begins the type of every event; what happened follows: .created, .updated, .deleted, .read"
                            + " (by a snapshot), .truncated, .message.")
            String typePrefix) {
        public CloudEventsEnvelopeConfig {
            if (typePrefix.isBlank()) {
                throw new IllegalArgumentException("type_prefix must not be empty");
            }
        }
    }

    private final CloudEventsEnvelopeConfig config;

    public CloudEventsEnvelope(CloudEventsEnvelopeConfig config) {
        this.config = config;
    }

    @Override
    public Writer writer() {
        return new CloudEventsWriter(config.typePrefix());
    }

    @Override
    public String contentType(String encodingType) {
        return encodingType.startsWith(BASE_TYPE_PREFIX)
                ? "application/cloudevents+" + encodingType.substring(BASE_TYPE_PREFIX.length())
                : encodingType;
    }
}
