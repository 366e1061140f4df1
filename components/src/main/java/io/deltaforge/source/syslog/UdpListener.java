package io.deltaforge.source.syslog;

import io.deltaforge.spi.intake.Draft;
import io.deltaforge.spi.intake.Intake;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes datagrams, each of which is a message (RFC 5426). A thread of its own receives. */
final class UdpListener implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(UdpListener.class);

    private static final int LARGEST_DATAGRAM = 65_535;
    /** What the system may keep while we look elsewhere; it gives less where its limit is lower. */
    private static final int SYSTEM_BUFFER_BYTES = 4 << 20;

    /** Between two looks at whether the source ends. */
    private static final int SLICE_MILLIS = 200;
    /** At the source's end: nothing came for so long, so nothing lies in the system's buffer. */
    private static final int ENDING_SLICE_MILLIS = 5;
    /** How long senders that never pause are listened to after the source's end was wanted. */
    private static final long FAREWELL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long WARNING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final SyslogSourceConfig config;
    private final Intake intake;
    private final Entries entries;
    private final AtomicLong dropped;
    private final DatagramSocket socket;
    private final SystemDrops systemDrops;
    private final Thread receiver;
    private long warnedNanos = System.nanoTime() - WARNING_NANOS;
    private long warnedOf;
    private long lookedNanos = System.nanoTime();
    private long systemDropped;
    private volatile boolean ending;

    private UdpListener(SyslogSourceConfig config, Intake intake, AtomicLong dropped, DatagramSocket socket) {
        this.config = config;
        this.intake = intake;
        this.entries = new Entries(
                "udp", config.labels(), new SyslogParser(config.timezone().id()));
        this.dropped = dropped;
        this.socket = socket;
        this.systemDrops = new SystemDrops(socket.getLocalPort());
        this.receiver = Thread.ofPlatform().name("syslog-udp").daemon().unstarted(this::receive);
    }

    /** @param dropped counts the messages for which there was no room */
    static UdpListener start(SyslogSourceConfig config, Intake intake, AtomicLong dropped, InetSocketAddress address)
            throws IOException {
        DatagramSocket socket = new DatagramSocket(null);
        try {
            socket.setReceiveBufferSize(SYSTEM_BUFFER_BYTES);
            socket.bind(address);
            socket.setSoTimeout(SLICE_MILLIS);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        UdpListener listener = new UdpListener(config, intake, dropped, socket);
        listener.receiver.start();
        return listener;
    }

    int port() {
        return socket.getLocalPort();
    }

    private void receive() {
        byte[] buffer = new byte[LARGEST_DATAGRAM];
        try (socket) {
            while (!ending) {
                lookForDrops();
                receive(buffer);
            }
            socket.setSoTimeout(ENDING_SLICE_MILLIS);
            long deadlineNanos = System.nanoTime() + FAREWELL_NANOS;
            boolean more = true;
            while (more && System.nanoTime() - deadlineNanos < 0) {
                more = receive(buffer);
            }
            countSystemDrops();
            tellDrops();
        } catch (SocketException e) {
            log.warn("{}: receiving over UDP failed: {}", config.id(), e.getMessage());
        }
    }

    /** False when nothing came. */
    private boolean receive(byte[] buffer) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        try {
            socket.receive(packet);
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            log.warn("{}: receiving over UDP failed: {}", config.id(), e.getMessage());
            return false;
        }
        take(packet);
        return true;
    }

    private void take(DatagramPacket packet) {
        int end = packet.getLength();
        byte[] data = packet.getData();
        while (end > 0 && (data[end - 1] == '\n' || data[end - 1] == '\r' || data[end - 1] == 0)) {
            end--;
        }
        if (end == 0) {
            return;
        }
        boolean truncated = end > config.maxMessageBytes();
        byte[] message = Arrays.copyOf(data, Math.min(end, config.maxMessageBytes()));
        Draft entry = entries.entry(message, truncated, packet.getAddress());
        if (!intake.offerUnpausable(entry)) {
            dropped.incrementAndGet();
            tellDropsAtTimes();
        }
    }

    /** Once a second. */
    private void lookForDrops() {
        long now = System.nanoTime();
        if (now - lookedNanos >= LOOK_NANOS) {
            lookedNanos = now;
            countSystemDrops();
            tellDropsAtTimes();
        }
    }

    private void countSystemDrops() {
        long all = systemDrops.count();
        if (all > systemDropped) {
            dropped.addAndGet(all - systemDropped);
            systemDropped = all;
        }
    }

    /** Not one line for each; the last of a burst are told too. */
    private void tellDropsAtTimes() {
        if (System.nanoTime() - warnedNanos >= WARNING_NANOS) {
            tellDrops();
        }
    }

    private void tellDrops() {
        long all = dropped.get();
        if (all > warnedOf) {
            log.error(
                    "{}: {} messages over UDP were dropped since the last such line, because the sinks or this machine do"
                            + " not keep up and UDP cannot wait; TCP can",
                    config.id(),
                    all - warnedOf);
            warnedNanos = System.nanoTime();
            warnedOf = all;
        }
    }

    /** Takes what has arrived, and ends. */
    @Override
    public void close() {
        ending = true;
        try {
            receiver.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
