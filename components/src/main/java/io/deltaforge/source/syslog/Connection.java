package io.deltaforge.source.syslog;

import io.deltaforge.spi.intake.Draft;
import io.deltaforge.spi.intake.Intake;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Reads the messages of one connection, and does not while there is no room for them. Confined to one thread. */
final class Connection {
    private static final int READ_BYTES = 16 * 1024;
    private static final int HANDSHAKE_MILLIS = 30_000;
    /** Between two looks at whether the source ends. */
    private static final int SLICE_MILLIS = 1000;
    /** At the source's end: a connection that is silent for so long has nothing that has arrived, inside TLS neither. */
    private static final int ENDING_SLICE_MILLIS = 50;
    /** How long a connection that never pauses may go on after the source's end was wanted. */
    private static final long FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Socket socket;
    private final Intake intake;
    private final long idleNanos;
    private final BooleanSupplier ending;
    private final InetAddress peer;
    private final Framing framing;
    private List<Draft> drafts = new ArrayList<>();

    /** @param ending true once nothing but what has arrived already should be read */
    Connection(
            Socket socket,
            Entries entries,
            Intake intake,
            int maxMessageBytes,
            @Nullable Duration idleTimeout,
            BooleanSupplier ending) {
        this.socket = socket;
        this.intake = intake;
        this.idleNanos = idleTimeout == null ? Long.MAX_VALUE : idleTimeout.toNanos();
        this.ending = ending;
        this.peer = socket.getInetAddress();
        this.framing = new Framing(
                maxMessageBytes, (message, truncated) -> drafts.add(entries.entry(message, truncated, peer)));
    }

    /** Until the connection's end. */
    void read() throws IOException, InterruptedException {
        if (socket instanceof SSLSocket tls) {
            tls.setSoTimeout(HANDSHAKE_MILLIS);
            tls.startHandshake();
        }
        socket.setSoTimeout(SLICE_MILLIS);
        socket.setKeepAlive(true);
        try {
            readMessages(socket.getInputStream());
        } finally {
            framing.end();
            handOn();
        }
    }

    private void readMessages(InputStream in) throws IOException, InterruptedException {
        byte[] bytes = new byte[READ_BYTES];
        long heardNanos = System.nanoTime();
        long endingNanos = 0;
        while (System.nanoTime() - heardNanos < idleNanos) {
            if (ending.getAsBoolean()) {
                endingNanos = endingNanos == 0 ? System.nanoTime() : endingNanos;
                if (System.nanoTime() - endingNanos > FAREWELL_NANOS) {
                    return;
                }
                socket.setSoTimeout(ENDING_SLICE_MILLIS);
            }
            int count;
            try {
                count = in.read(bytes);
            } catch (SocketTimeoutException e) {
                if (endingNanos > 0) {
                    return;
                }
                continue;
            }
            if (count < 0) {
                return;
            }
            heardNanos = System.nanoTime();
            framing.bytes(bytes, 0, count);
            handOn();
            heardNanos = Math.max(heardNanos, System.nanoTime());
        }
    }

    private void handOn() throws InterruptedException {
        if (!drafts.isEmpty()) {
            List<Draft> complete = drafts;
            drafts = new ArrayList<>();
            intake.put(complete);
        }
    }
}
