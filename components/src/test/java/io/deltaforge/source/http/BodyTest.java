package io.deltaforge.source.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class BodyTest {
    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(UTF_8));
        }
        return packed.toByteArray();
    }

    /** Gives a byte at a time, as a slow connection does, and never knows how many will follow. */
    private static InputStream slow(byte[] bytes) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int from, int length) {
                return super.read(into, from, Math.min(length, 1));
            }

            @Override
            public synchronized int available() {
                return 0;
            }
        };
    }

    private static String unpacked(byte[] packed) throws Exception {
        try (Body.Read read = new Body(1000, 1 << 20).read()) {
            read.from(slow(packed), true);
            return new String(read.bytes(), 0, read.length(), UTF_8);
        }
    }

    /** RFC 1952, section 2.2: as {@code cat one.gz two.gz} makes it. */
    @Test
    void readsEveryMemberOfGzip() throws Exception {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(gzip("{\"a\":1}\n"));
        both.writeBytes(gzip("{\"a\":2}\n"));

        assertThat(unpacked(both.toByteArray())).isEqualTo("{\"a\":1}\n{\"a\":2}\n");
    }

    @Test
    void aMemberThatBreaksOffIsRefused() throws Exception {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(gzip("{\"a\":1}\n"));
        byte[] second = gzip("{\"a\":2}\n");
        both.writeBytes(Arrays.copyOf(second, second.length - 9));

        assertThatThrownBy(() -> unpacked(both.toByteArray()))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("ends too early");
    }
}
