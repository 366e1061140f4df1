package io.deltaforge.sandbox;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy before one server that can cut, stall, slow down and reset what passes through it. Its port stays the
 * same for its whole life. Safe for use by several threads.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int BACKLOG = 128;

    private final InetSocketAddress target;
    private final int port;
    private final FaultLine toServer = new FaultLine();
    private final FaultLine toClient = new FaultLine();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private @Nullable Listener listener;

    private FaultProxy(InetSocketAddress target, int port) {
        this.target = target;
        this.port = port;
    }

    /** Listens on a free loopback port and passes everything on to {@code host:port}. */
    public static FaultProxy to(String host, int port) {
        FaultProxy proxy =
                new FaultProxy(new InetSocketAddress(host, port), Ports.pick(1).getFirst());
        proxy.listen();
        return proxy;
    }

    public int port() {
        return port;
    }

    /** {@code 127.0.0.1:port}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Closes all connections and refuses new ones, until {@link #restore}. */
    public synchronized void cut() {
        stopListening();
        links.forEach(Link::close);
    }

    /** Takes connections again; those that were closed stay closed. */
    public synchronized void restore() {
        if (listener == null) {
            listen();
        }
    }

    /** Holds every byte, both ways, and keeps the connections, until {@link #resume}; new ones hang likewise. */
    public void stall() {
        toServer.stall();
        toClient.stall();
    }

    /** Holds what goes to the server, as {@link #stall} does; its answers pass. */
    public void stallToServer() {
        toServer.stall();
    }

    /** Holds what comes from the server, as {@link #stall} does: it gets requests, and nobody hears of it. */
    public void stallToClient() {
        toClient.stall();
    }

    /**
     * Makes the connections that exist half-open for good: both sides keep theirs, and nothing passes any more, not even
     * an end. New ones work.
     */
    public void freeze() {
        links.forEach(Link::freeze);
    }

    /** Holds what the connections that exist carry to the server, until {@link #release}; new ones work. */
    public void hold() {
        links.forEach(link -> link.held.stall());
    }

    /** Lets what {@link #hold} holds go on its way, even where the client has gone meanwhile. */
    public void release() {
        links.forEach(link -> link.held.open());
    }

    /** Lets at most this many bytes a second pass each way, all connections together, until {@link #resume}. */
    public void slow(long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("bytesPerSecond must be at least 1");
        }
        toServer.limit(bytesPerSecond);
        toClient.limit(bytesPerSecond);
    }

    /** Ends a stall or a slowness: what was held goes on its way. */
    public void resume() {
        toServer.open();
        toClient.open();
    }

    /** Ends all connections with a TCP reset on both sides; new ones are taken. */
    public void reset() {
        links.forEach(Link::reset);
    }

    public int openConnections() {
        return links.size();
    }

    /** Connections taken so far. */
    public long acceptedConnections() {
        return accepted.get();
    }

    public long bytesToServer() {
        return toServer.bytes();
    }

    public long bytesToClient() {
        return toClient.bytes();
    }

    @Override
    public synchronized void close() {
        cut();
    }

    private void listen() {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
            listener = new Listener(
                    socket, Thread.ofVirtual().name("fault-proxy-" + port).start(() -> acceptFrom(socket)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on port " + port, e);
        }
    }

    /** Returns when the port is free: a socket lives on until the thread that accepts from it has noticed its end. */
    private void stopListening() {
        if (listener == null) {
            return;
        }
        closeQuietly(listener.socket());
        boolean interrupted = false;
        while (listener.thread().isAlive()) {
            try {
                listener.thread().join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        listener = null;
    }

    private void acceptFrom(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> connect(client, socket));
            } catch (IOException e) {
                return; // cut
            }
        }
    }

    private void connect(Socket client, ServerSocket acceptedBy) {
        Socket server = new Socket();
        Link link = new Link(client, server);
        links.add(link);
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(target);
        } catch (IOException e) {
            link.close(); // the server is down: so are we, to the client
            return;
        }
        if (acceptedBy.isClosed()) {
            link.close(); // cut() may have gone through the links before this one was among them
            return;
        }
        Thread.ofVirtual().start(() -> link.pump(client, server, toServer));
        link.pump(server, client, toClient);
    }

    private static void closeQuietly(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing can be lost here: the connection is being destroyed on purpose.
        }
    }

    private record Listener(ServerSocket socket, Thread thread) {}

    /** One connection: the client's socket and the one to the server. */
    private final class Link {
        private final Socket client;
        private final Socket server;
        private final FaultLine held = new FaultLine();
        private volatile boolean frozen;
        private int finished;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void pump(Socket from, Socket to, FaultLine line) {
            byte[] buffer = new byte[BUFFER_BYTES];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    pass(buffer, read, out, line);
                }
                awaitOpen(line);
                if (!frozen) {
                    to.shutdownOutput();
                }
                finishOneWay();
            } catch (IOException e) {
                close(); // one side is gone, or this link was cut
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                close();
            }
        }

        private void pass(byte[] buffer, int length, OutputStream out, FaultLine line)
                throws IOException, InterruptedException {
            int passed = 0;
            while (passed < length) {
                awaitOpen(line);
                int now = line.take(length - passed, this::isClosed);
                if (!frozen) {
                    out.write(buffer, passed, now);
                }
                passed += now;
            }
        }

        private void awaitOpen(FaultLine line) throws IOException, InterruptedException {
            if (line == toServer) {
                held.awaitOpen(this::isClosed);
            }
            line.awaitOpen(this::isClosed);
        }

        private synchronized void finishOneWay() {
            finished++;
            if (finished == 2) {
                close();
            }
        }

        boolean isClosed() {
            return client.isClosed();
        }

        void freeze() {
            frozen = true;
        }

        void close() {
            links.remove(this);
            closeQuietly(client);
            closeQuietly(server);
            wake();
        }

        void reset() {
            lingerNot(client);
            lingerNot(server);
            close();
        }

        private void wake() {
            held.wake();
            toServer.wake();
            toClient.wake();
        }

        private static void lingerNot(Socket socket) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                // It is closed already: there is nothing left to reset.
            }
        }
    }
}
