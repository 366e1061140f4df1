package io.deltaforge.source.docker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A unix socket that speaks as much of the Docker Engine API as the source asks for, after its public description: lists,
 * inspections, events, and logs that are followed. Thread-safe.
 */
final class FakeEngine implements AutoCloseable {
    /** Always with nine digits, as the engine writes it. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final ServerSocketChannel server;
    private final Map<String, FakeContainer> containers = new LinkedHashMap<>();
    private final List<String> events = new ArrayList<>();
    private final Set<SocketChannel> eventStreams = ConcurrentHashMap.newKeySet();
    private final Set<SocketChannel> logStreams = ConcurrentHashMap.newKeySet();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    /** After how many bytes of a log the next connection breaks; negative for never. */
    private int breakAfterBytes = -1;

    private boolean removedWhenStopped;
    private volatile boolean filtersAll;

    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();

    private boolean closed;

    private record Refusal(int status, String body) {}

    /** A message of a log, as the engine keeps it: without its newline it is a piece of a line. */
    private record Message(Instant time, boolean stderr, String text) {}

    final class FakeContainer {
        final String id;
        private final String name;
        private final boolean tty;
        private final Map<String, String> labels;
        private final List<Message> log = new ArrayList<>();
        private boolean running = true;
        private int runs = 1;
        private int logsEnded;
        private String status = "running";

        private FakeContainer(String id, String name, boolean tty, Map<String, String> labels) {
            this.id = id;
            this.name = name;
            this.tty = tty;
            this.labels = labels;
        }

        /** @param text with its newline, or a piece of a line without one */
        void logs(String time, boolean stderr, String text) {
            synchronized (FakeEngine.this) {
                log.add(new Message(Instant.parse(time), stderr, text));
                FakeEngine.this.notifyAll();
            }
        }

        void out(String time, String text) {
            logs(time, false, text);
        }

        void stop() {
            synchronized (FakeEngine.this) {
                running = false;
                FakeEngine.this.notifyAll();
            }
        }

        /** Paused, or waiting to be restarted: for the engine it runs then too. */
        void waitsAs(String waiting) {
            synchronized (FakeEngine.this) {
                status = waiting;
            }
        }

        /** By its restart policy: the log of the run ends, and the next one runs before anybody can ask. */
        void restart() {
            synchronized (FakeEngine.this) {
                runs++;
                logsEnded++;
                event("start", id);
            }
        }

        /** By its restart policy, which lets some time pass first. */
        void restartLater() {
            synchronized (FakeEngine.this) {
                waitsAs("restarting");
                logsEnded++;
                FakeEngine.this.notifyAll();
            }
        }

        void startAgain() {
            synchronized (FakeEngine.this) {
                running = true;
                event("start", id);
            }
        }

        private String inspected() {
            String pairs = labels.entrySet().stream()
                    .map(label -> "\"" + label.getKey() + "\":\"" + label.getValue() + "\"")
                    .collect(Collectors.joining(","));
            return """
                    {"Id":"%s","Name":"/%s","State":{"Status":"%s","Running":%s,"Restarting":%s,"Pid":4711,"StartedAt":"2026-11-21T12:00:00.%09dZ"},
                     "Config":{"Image":"shop/web:1","Tty":%s,"Labels":{%s},"Cmd":["sh","-c","echo \\"\\u00fc\\""],"Entrypoint":null}}
                    """.formatted(
                    id, name, running ? status : "exited", running, status.equals("restarting"), runs, tty, pairs);
        }

        private String listed() {
            return "{\"Id\":\"%s\",\"Names\":[\"/%s\"],\"State\":\"%s\",\"Created\":1763726400}"
                    .formatted(id, name, running ? status : "exited");
        }
    }

    FakeEngine(Path socket) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon().name("fake-engine").start(this::accept);
    }

    /** @param id its first twelve characters; the rest is made up */
    synchronized FakeContainer create(String id, String name, boolean tty, Map<String, String> labels) {
        FakeContainer container = new FakeContainer(id + "f".repeat(52), name, tty, labels);
        containers.put(container.id, container);
        return container;
    }

    FakeContainer start(String id, String name) {
        return start(id, name, false, Map.of());
    }

    synchronized FakeContainer start(String id, String name, boolean tty, Map<String, String> labels) {
        FakeContainer container = create(id, name, tty, labels);
        event("start", container.id);
        return container;
    }

    synchronized void start(FakeContainer container) {
        event("start", container.id);
    }

    synchronized void remove(FakeContainer container) {
        container.running = false;
        containers.remove(container.id);
        event("destroy", container.id);
    }

    private synchronized void event(String action, String id) {
        events.add("{\"Type\":\"container\",\"Action\":\"" + action + "\",\"Actor\":{\"ID\":\"" + id
                + "\",\"Attributes\":{\"name\":\"x\"}},\"time\":1763726400}\n");
        notifyAll();
    }

    /** As with {@code --rm}: a container is gone soon after it stopped. */
    synchronized void removeWhenStopped() {
        removedWhenStopped = true;
    }

    /** As engines before version 22: what is older than asked for is left out even behind newer lines. */
    void filterAll() {
        filtersAll = true;
    }

    synchronized void breakLogsAfter(int bytes) {
        breakAfterBytes = bytes;
    }

    /** Answers requests for this path so, until {@link #allow}. */
    void refuse(String path, int status, String body) {
        refusals.put(path, new Refusal(status, body));
    }

    void allow(String path) {
        refusals.remove(path);
    }

    /** As when the engine is restarted: all connections end, and new ones are taken. */
    void dropConnections() throws IOException {
        for (Set<SocketChannel> streams : List.of(eventStreams, logStreams)) {
            for (SocketChannel channel : streams) {
                channel.close();
            }
        }
        synchronized (this) {
            notifyAll();
        }
    }

    /** The paths of all requests. */
    List<String> asked() {
        return asked;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                Thread.ofVirtual().start(() -> serve(channel));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            BufferedReader in = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), US_ASCII));
            String request = in.readLine();
            String header = request;
            while (header != null && !header.isEmpty()) {
                header = in.readLine();
            }
            if (header == null) {
                return; // the client was stopped before it had asked
            }
            String path = request.split(" ")[1];
            asked.add(path);
            OutputStream out = Channels.newOutputStream(channel);
            Refusal refusal = refusals.get(path.split("\\?", 2)[0]);
            if (refusal != null) {
                answer(out, refusal.status, refusal.body);
            } else if (path.startsWith("/containers/json")) {
                answer(out, 200, list(path.contains("all=1")));
            } else if (path.startsWith("/events")) {
                eventStreams.add(channel);
                sendEvents(channel, out, path);
            } else {
                container(channel, out, path);
            }
        } catch (IOException e) {
            // the client is gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            eventStreams.remove(channel);
            logStreams.remove(channel);
        }
    }

    private synchronized String list(boolean all) {
        return containers.values().stream()
                .filter(container -> all || container.running)
                .map(FakeContainer::listed)
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static void answer(OutputStream out, int status, String json) throws IOException {
        byte[] body = json.getBytes(UTF_8);
        out.write(("HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                        + "\r\n\r\n")
                .getBytes(US_ASCII));
        out.write(body);
    }

    private static void beginChunks(OutputStream out) throws IOException {
        out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(US_ASCII));
    }

    private static void chunk(OutputStream out, byte[] bytes) throws IOException {
        out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(US_ASCII));
        out.write(bytes);
        out.write("\r\n".getBytes(US_ASCII));
    }

    private void sendEvents(SocketChannel channel, OutputStream out, String path)
            throws IOException, InterruptedException {
        if (!URLDecoder.decode(path, UTF_8).contains("\"event\":[\"start\",\"destroy\"]")) {
            answer(out, 400, "{\"message\":\"no such filter\"}");
            return;
        }
        beginChunks(out);
        int next;
        synchronized (this) {
            next = events.size();
        }
        while (channel.isOpen()) {
            String event;
            synchronized (this) {
                while (next == events.size() && channel.isOpen() && !closed) {
                    wait();
                }
                if (next == events.size()) {
                    return;
                }
                event = events.get(next++);
            }
            chunk(out, event.getBytes(UTF_8));
        }
    }

    private void container(SocketChannel channel, OutputStream out, String path)
            throws IOException, InterruptedException {
        String id = path.split("/")[2];
        FakeContainer container;
        synchronized (this) {
            container = containers.values().stream()
                    .filter(one -> one.id.startsWith(id))
                    .findFirst()
                    .orElse(null);
        }
        if (container == null) {
            answer(out, 404, "{\"message\":\"No such container: " + id + "\"}");
        } else if (path.endsWith("/json")) {
            String inspected;
            synchronized (this) {
                inspected = container.inspected();
                if (removedWhenStopped && !container.running) {
                    remove(container); // who asks hears that it is there, and then that it is not
                }
            }
            answer(out, 200, inspected);
        } else {
            logStreams.add(channel);
            sendLog(channel, out, container, since(path));
        }
    }

    private static Instant since(String path) {
        int at = path.indexOf("since=");
        if (at < 0) {
            return Instant.MIN;
        }
        String[] parts = path.substring(at + "since=".length()).split("\\.");
        return Instant.ofEpochSecond(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }

    private void sendLog(SocketChannel channel, OutputStream out, FakeContainer container, Instant since)
            throws IOException, InterruptedException {
        beginChunks(out);
        Instant from = since;
        int ended;
        synchronized (this) {
            ended = container.logsEnded;
        }
        int next = 0;
        while (channel.isOpen()) {
            Message message = awaitMessage(channel, container, ended, next++);
            if (message == null) {
                out.write("0\r\n\r\n".getBytes(US_ASCII));
                return;
            }
            if (message.time.isBefore(from)) {
                continue;
            }
            from = filtersAll ? since : Instant.MIN;
            byte[] bytes = bytes(message, container.tty);
            int broken = takeBreak(bytes.length);
            if (broken >= 0) {
                out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(US_ASCII));
                out.write(bytes, 0, broken);
                return;
            }
            chunk(out, bytes);
        }
    }

    /** How many of the bytes are sent before the connection breaks; negative when it does not. */
    private synchronized int takeBreak(int bytes) {
        if (breakAfterBytes < 0) {
            return -1;
        }
        if (breakAfterBytes < bytes) {
            int sent = breakAfterBytes;
            breakAfterBytes = -1;
            return sent;
        }
        breakAfterBytes -= bytes;
        return -1;
    }

    private synchronized @Nullable Message awaitMessage(
            SocketChannel channel, FakeContainer container, int ended, int index) throws InterruptedException {
        while (index == container.log.size()
                && container.running
                && container.logsEnded == ended
                && channel.isOpen()
                && !closed) {
            wait();
        }
        return index < container.log.size() && channel.isOpen() ? container.log.get(index) : null;
    }

    /** With its time before it; in a frame, unless the container has a terminal. */
    private static byte[] bytes(Message message, boolean tty) throws IOException {
        String time = TIME.format(message.time) + " ";
        byte[] text = (time + (tty ? message.text.replace("\n", "\r\n") : message.text)).getBytes(UTF_8);
        if (tty) {
            return text;
        }
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(ByteBuffer.allocate(8)
                .put((byte) (message.stderr ? 2 : 1))
                .put(new byte[3])
                .putInt(text.length)
                .array());
        frame.write(text);
        return frame.toByteArray();
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        server.close();
        dropConnections();
    }
}
