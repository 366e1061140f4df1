package io.deltaforge.source.syslog;

import io.deltaforge.spi.intake.Intake;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts connections, each read by a virtual thread of its own. Thread-safe. */
final class TcpListener implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TcpListener.class);

    private static final int BACKLOG = 256;
    /** E.g. until the process may open a file again. */
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long CLOSE_SECONDS = 4;
    private static final long WARNING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String protocol;
    private final SyslogSourceConfig config;
    private final Intake intake;
    private final ServerSocket server;
    private final Semaphore free;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong warnedNanos = new AtomicLong(System.nanoTime() - WARNING_NANOS);
    private volatile boolean ending;

    private TcpListener(String protocol, SyslogSourceConfig config, Intake intake, ServerSocket server) {
        this.protocol = protocol;
        this.config = config;
        this.intake = intake;
        this.server = server;
        this.free = new Semaphore(config.maxConnections());
    }

    static TcpListener start(
            String protocol,
            SyslogSourceConfig config,
            Intake intake,
            ServerSocketFactory sockets,
            InetSocketAddress address)
            throws IOException {
        ServerSocket server = sockets.createServerSocket();
        try {
            if (server instanceof SSLServerSocket tls) {
                tls.setNeedClientAuth(config.clientCaFile() != null);
            }
            server.bind(address, BACKLOG);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        TcpListener listener = new TcpListener(protocol, config, intake, server);
        Thread.ofPlatform().name("syslog-" + protocol).daemon().start(listener::accept);
        return listener;
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!ending) {
            try {
                free.acquire();
                Socket socket = server.accept();
                open.add(socket);
                readers.execute(() -> read(socket));
            } catch (IOException e) {
                free.release();
                if (!ending) {
                    warn("a connection could not be accepted: {}", e);
                    LockSupport.parkNanos(RETRY_NANOS);
                }
            } catch (RejectedExecutionException e) {
                return; // it came too late
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void read(Socket socket) {
        try (socket) {
            new Connection(
                            socket,
                            new Entries(
                                    protocol,
                                    config.labels(),
                                    new SyslogParser(config.timezone().id())),
                            intake,
                            config.maxMessageBytes(),
                            config.idleTimeout(),
                            () -> ending)
                    .read();
        } catch (SSLException e) {
            warn("TLS with " + socket.getInetAddress().getHostAddress() + " failed: {}", e);
        } catch (IOException e) {
            log.debug("a connection broke", e); // what it sent before was taken
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
            free.release();
        }
    }

    /** Not one line for each of many. */
    private void warn(String message, IOException e) {
        long last = warnedNanos.get();
        long now = System.nanoTime();
        if (now - last >= WARNING_NANOS && warnedNanos.compareAndSet(last, now)) {
            log.warn("{}: " + message, config.id(), e.getMessage());
        }
    }

    /** Accepts no more, takes what has arrived, and ends. */
    @Override
    public void close() {
        ending = true;
        try {
            server.close();
            readers.shutdown();
            if (!readers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                closeConnections();
                readers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            }
            closeConnections();
        } catch (IOException e) {
            log.debug("closing", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeConnections() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }
}
