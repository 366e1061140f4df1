package io.deltaforge.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;

/** A log of JSON lines as services write them, of the same content at every run. */
final class LogFile {
    /** Of a line with its end. */
    static final int LINE_BYTES = 200;

    private static final String[] LEVELS = {
        "info", "info", "info", "info", "info", "info", "warn", "debug", "debug", "error"
    };
    private static final String[] PATHS = {"/api/orders", "/api/orders/items", "/api/users/me", "/health", "/api/search"
    };
    private static final int TENANTS = 500;
    private static final long FIRST_MILLIS =
            Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private LogFile() {}

    static void write(Path file, long lines) throws IOException {
        Random random = new Random(7);
        byte[] line = new byte[LINE_BYTES];
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            for (long i = 0; i < lines; i++) {
                String text =
                        "{\"ts\":\"%s\",\"level\":\"%s\",\"tenant_id\":\"tenant-%d\",\"path\":\"%s\",\"status\":%d,\"ms\":%d,\"msg\":\""
                                .formatted(
                                        Instant.ofEpochMilli(FIRST_MILLIS + i),
                                        LEVELS[random.nextInt(LEVELS.length)],
                                        random.nextInt(TENANTS),
                                        PATHS[random.nextInt(PATHS.length)],
                                        random.nextInt(10) == 0 ? 500 : 200,
                                        random.nextInt(2000));
                int length = text.length();
                System.arraycopy(text.getBytes(US_ASCII), 0, line, 0, length);
                for (int at = length; at < LINE_BYTES - 3; at++) {
                    line[at] = (byte) (at % 9 == 8 ? ' ' : 'a' + random.nextInt(26));
                }
                line[LINE_BYTES - 3] = '"';
                line[LINE_BYTES - 2] = '}';
                line[LINE_BYTES - 1] = '\n';
                out.write(line);
            }
        }
    }
}
