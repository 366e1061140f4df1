package io.deltaforge.sink.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltaforge.encoding.json.JsonEncoding;
import io.deltaforge.envelope.cloudevents.CloudEventsEnvelope;
import io.deltaforge.event.Event;
import io.deltaforge.event.RowChange;
import io.deltaforge.sink.file.FileSinkConfig.Compression;
import io.deltaforge.sink.file.FileSinkConfig.Roll;
import io.deltaforge.spi.Encoding;
import io.deltaforge.spi.Envelope;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Template;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSinkConfigTest {
    private static final Envelope CLOUD_EVENTS =
            new CloudEventsEnvelope(new CloudEventsEnvelope.CloudEventsEnvelopeConfig("com.acme"));
    private static final Roll HOURLY = new Roll(1 << 20, Duration.ofHours(1));

    @ParameterizedTest
    @ValueSource(
            strings = {"orders", "${source.id}", "${source.schema}/${source.table}", "table=${source.table}/a.b-c_1"})
    void aNameIsAPathBelowTheDirectory(String name) {
        assertThat(config(name, new JsonEncoding(), HOURLY).name()).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/etc/orders",
                "../orders",
                "a/../b",
                "a/..",
                "./a",
                "a//b",
                "a/",
                "a b",
                "a\\b",
                "né",
                "a\u0000"
            })
    void anyOtherNameIsRefused(String name) {
        assertThatThrownBy(() -> config(name, new JsonEncoding(), HOURLY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("name must be a path below the directory");
    }

    @Test
    void linesMustBeJson() {
        Encoding binary = envelope -> new Encoding.Encoder() {
            @Override
            public String contentType() {
                return "application/avro";
            }

            @Override
            public byte[] value(Event event) {
                return new byte[0];
            }

            @Override
            public byte[] key(RowChange change) {
                return null;
            }
        };

        assertThatThrownBy(() -> config("orders", binary, HOURLY))
                .hasMessage("encoding must be JSON: a line cannot hold application/avro");
    }

    @Test
    void limitsThatCannotWorkAreRefused() {
        assertThatThrownBy(() -> new Roll(0, Duration.ofHours(1))).hasMessage("max_bytes must be at least 1");
        assertThatThrownBy(() -> new Roll(1, Duration.ofMillis(999))).hasMessage("max_age must be at least 1s");
        assertThatThrownBy(() -> new Roll(1, Duration.ofDays(400_000))).hasMessage("max_age must be at most 36500d");
    }

    @Test
    void errorsSayWhatToDo() {
        assertThat(FileErrors.failure(new AccessDeniedException("/archive/x"), "/archive"))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessage("/archive/x may not be written: give the user " + System.getProperty("user.name")
                        + " the right to");
        assertThat(FileErrors.failure(new FileAlreadyExistsException("/archive/x"), "/archive"))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessage("/archive/x exists already: move it away, so that nothing overwrites it");
        assertThat(FileErrors.failure(new FileSystemException("/archive/x", null, "Read-only file system"), "/archive"))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessage("/archive is on a file system that is read-only: mount it for writing");
        assertThat(FileErrors.failure(new FileSystemException("/archive/x", null, "Disk quota exceeded"), "/archive"))
                .isInstanceOf(Failure.Retryable.class)
                .hasMessage("no space left for /archive (Disk quota exceeded): free some; the events wait");
        assertThat(FileErrors.failure(new IOException("Input/output error"), "/archive"))
                .isInstanceOf(Failure.Retryable.class)
                .hasMessage("cannot write to /archive: Input/output error");
    }

    private static FileSinkConfig config(String name, Encoding encoding, Roll roll) {
        return new FileSinkConfig(
                "archive", "/archive", Template.parse(name), CLOUD_EVENTS, encoding, true, Compression.NONE, roll, 8);
    }
}
