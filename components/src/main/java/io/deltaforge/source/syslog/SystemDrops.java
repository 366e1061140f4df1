package io.deltaforge.source.syslog;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the system dropped of what came to a UDP port, because what came before had not been read: the last column of Linux'
 * {@code /proc/net/udp} and {@code udp6}. Immutable.
 *
 * @param port that is listened on
 */
record SystemDrops(int port) {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));
    private static final int LOCAL_ADDRESS = 1;

    /** Since the socket was opened; 0 where the system does not tell. */
    long count() {
        long count = 0;
        for (Path table : TABLES) {
            try {
                for (String line : Files.readAllLines(table, US_ASCII)) {
                    count += in(line.strip().split(" +"));
                }
            } catch (IOException e) {
                // not Linux, or without one of the protocols
            }
        }
        return count;
    }

    private long in(String[] socket) {
        return socket.length > LOCAL_ADDRESS && socket[LOCAL_ADDRESS].endsWith(":%04X".formatted(port))
                ? Long.parseLong(socket[socket.length - 1])
                : 0;
    }
}
