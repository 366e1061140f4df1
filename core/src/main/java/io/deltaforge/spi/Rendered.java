package io.deltaforge.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as a sink sends it. The arrays are not copied and not to be changed.
 *
 * @param destination where it goes, e.g. a topic; {@code null} when the sink could not tell
 * @param partition {@code null} when the sink leaves the choice to its client, or it was not made yet
 * @param key {@code null} when there is none
 * @param value {@code null} when there is none, or the sink could not make it
 */
@SuppressWarnings("ArrayRecordComponent") // records are handed on, not compared
public record Rendered(
        @Nullable String destination,
        @Nullable Integer partition,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<Header> headers) {

    /** What a sink knows of a record that it cannot make. */
    public static final Rendered NOTHING = new Rendered(null, null, null, null, List.of());

    /** Something said about a record beside its key and value. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Header(String name, byte[] value) {}

    public Rendered(
            @Nullable String destination,
            @Nullable Integer partition,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<Header> headers) {
        this.destination = destination;
        this.partition = partition;
        this.key = key;
        this.value = value;
        this.headers = List.copyOf(headers);
    }
}
