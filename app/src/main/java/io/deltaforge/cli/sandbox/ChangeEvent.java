package io.deltaforge.cli.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deltaforge.sandbox.TopicReader.Received;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A row change as a consumer finds it in a record of the envelope {@code native}.
 *
 * @param op c, u, d, r or t
 * @param key the record's key; null or missing for a table without one
 * @param before null or missing where it is not known, like {@code after}
 * @param transactionId PostgreSQL's, 32 bits
 * @param lsn where the change is in the log; grows within the changes of one session
 */
public record ChangeEvent(
        String op,
        String table,
        JsonNode key,
        JsonNode before,
        JsonNode after,
        Instant committed,
        long transactionId,
        long lsn) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Empty for a record of another shape, a tombstone for example. */
    public static Optional<ChangeEvent> of(Received received) {
        try {
            JsonNode value = parse(received.value());
            JsonNode source = value.path("source");
            if (!value.path("op").isTextual() || !source.path("table").isTextual()) {
                return Optional.empty();
            }
            return Optional.of(new ChangeEvent(
                    value.path("op").asText(),
                    source.path("table").asText(),
                    parse(received.key()),
                    value.path("before"),
                    value.path("after"),
                    Instant.EPOCH.plus(value.path("ts_us").asLong(), ChronoUnit.MICROS),
                    source.path("tx_id").asLong(),
                    source.path("lsn").asLong()));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }

    private static JsonNode parse(byte @Nullable [] json) throws IOException {
        return json == null ? JSON.missingNode() : JSON.readTree(json);
    }
}
