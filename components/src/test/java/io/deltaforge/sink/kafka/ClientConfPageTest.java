package io.deltaforge.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.spi.EffectiveSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds docs/reference/client-conf.md to the table; {@code ./check --fix} writes it. */
class ClientConfPageTest {
    private static final Path PAGE = Path.of("..", "docs", "reference", "client-conf.md");

    private static final String HEAD = """
            # `client_conf`: librdkafka's settings and the Java client's

            The Kafka sink takes librdkafka's names and the Java producer's, in one block. This page is generated from the
            table in the code (`LibrdkafkaProperties`): after a change of it, run `./check --fix`.

            - A name of librdkafka becomes what the table says. None is dropped silently: what has no effect is named in a
              warning when the pipeline starts, what cannot be honoured is an error when the file is loaded.
            - A name of the [Java producer](https://kafka.apache.org/documentation/#producerconfigs) passes as it is, except
              `key.serializer` and `value.serializer`.
            - Any other name is an error that names the nearest known one. All problems are reported at once.
            - Your value wins over DeltaForge's default. **librdkafka's defaults are not applied**: what you leave out has
              DeltaForge's default (below) or else the Java client's.
            - `deltaforge validate --explain FILE` shows what the producer will run with and where each value comes from,
              without connecting to anything.

            ## DeltaForge's defaults

            | setting | value |
            |---|---|
            """;

    private static final String TABLE = """

            `delivery.timeout.ms` and `max.block.ms` follow `send_timeout_secs`.

            ## Settings that depend on one another

            - `message.timeout.ms: "5000"` works: `request.timeout.ms` is lowered to 5000 minus `linger.ms`, because the Java
              client refuses a delivery timeout below the two together.
            - `acks: "1"`, `acks: "0"` and `retries: "0"` rule idempotence out. The producer then sends one request at a time,
              which keeps the order per key; `max.in.flight` allows more, with a warning. With `enable.idempotence: "true"` or
              `exactly_once: true` they are errors, as are more than 5 requests in flight.
            - More than 5 requests in flight cannot keep the order, so 5 are used, unless `enable.idempotence` is `"false"`.
            - Certificates and keys are read again when their files change; see [Kafka security](../kafka-security.md).
            - A private key in OpenSSL's PKCS#1 or SEC1 form, or encrypted, is converted when the sink opens.

            ## librdkafka's properties

            | property (aliases) | values | Java setting | what happens |
            |---|---|---|---|
            """;

    @Test
    void thePageSaysWhatTheTableSays() throws IOException {
        String page = page();
        if (Boolean.getBoolean("deltaforge.docs.write")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE).hasContent(page);
    }

    private static String page() {
        StringBuilder page = new StringBuilder(HEAD);
        for (EffectiveSetting setting :
                ProducerSettings.of("<id>", "<brokers>", 60, false, Map.of()).explain()) {
            page.append("| `")
                    .append(setting.name())
                    .append("` | `")
                    .append(setting.value())
                    .append("` |\n");
        }
        page.append(TABLE);
        for (LibrdkafkaProperty property : LibrdkafkaProperties.all()) {
            String aliases = property.names().size() == 1
                    ? ""
                    : " (`"
                            + String.join(
                                    "`, `",
                                    property.names().subList(1, property.names().size())) + "`)";
            page.append("| `").append(property.name()).append('`').append(aliases);
            page.append(" | ")
                    .append(property.target().isEmpty() ? "" : property.values().describe());
            page.append(" | ").append(property.target().isEmpty() ? "–" : property.target());
            page.append(" | ").append(property.doc()).append(" |\n");
        }
        return page.toString();
    }
}
