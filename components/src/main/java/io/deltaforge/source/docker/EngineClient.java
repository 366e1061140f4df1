package io.deltaforge.source.docker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks the Docker Engine by HTTP/1.1 over its unix socket, each time on a connection of its own (the JDK's client knows no
 * unix sockets). Thread-safe; closing ends every answer that is being read.
 */
final class EngineClient implements AutoCloseable {
    private static final int MAX_ANSWER_BYTES = 32 << 20;
    private static final int MAX_REFUSAL_BYTES = 4096;
    private static final int MAX_SHOWN = 200;
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final JsonMapper JSON = new JsonMapper();

    private final Path socket;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    EngineClient(Path socket) {
        this.socket = socket;
    }

    /** An answer that is being read; closing it ends the connection. */
    final class Answer implements AutoCloseable {
        private final SocketChannel channel;
        private final InputStream body;

        private Answer(SocketChannel channel, InputStream body) {
            this.channel = channel;
            this.body = body;
        }

        InputStream body() {
            return body;
        }

        @Override
        public void close() throws IOException {
            open.remove(channel);
            channel.close();
        }
    }

    /** The engine says no: {@code status} is its HTTP status. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1;
        private final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /** The whole answer, read as JSON. */
    JsonNode getJson(String path) throws IOException {
        try (Answer answer = get(path)) {
            return json(answer.body().readNBytes(MAX_ANSWER_BYTES));
        }
    }

    static JsonNode json(byte[] text) throws IOException {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw new IOException("the engine's answer is not JSON", e);
        }
    }

    /** The beginning of an answer, whose body is still to be read. */
    Answer get(String path) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        open.add(channel);
        boolean answered = false;
        try {
            if (closed) {
                throw new IOException("closing");
            }
            ByteBuffer request =
                    ByteBuffer.wrap(("GET " + path + " HTTP/1.1\r\nHost: docker\r\n\r\n").getBytes(US_ASCII));
            while (request.hasRemaining()) {
                channel.write(request);
            }
            InputStream in = new BufferedInputStream(Channels.newInputStream(channel), BUFFER_BYTES);
            Head head = Head.read(in);
            InputStream body = body(head, in);
            if (head.status() != 200) {
                String message = message(body.readNBytes(MAX_REFUSAL_BYTES));
                throw new Refused(head.status(), "the engine answers " + head.status() + ": " + message);
            }
            answered = true;
            return new Answer(channel, body);
        } finally {
            if (!answered) {
                open.remove(channel);
                channel.close();
            }
        }
    }

    /** Of the engine; or else the beginning of what a proxy before it says. */
    private static String message(byte[] refusal) {
        try {
            return JSON.readTree(refusal).path("message").asText();
        } catch (IOException e) {
            String text = new String(refusal, UTF_8).replaceAll("\\p{Cntrl}+", " ");
            return text.substring(0, Math.min(text.length(), MAX_SHOWN));
        }
    }

    private static InputStream body(Head head, InputStream in) throws IOException {
        if ("chunked".equalsIgnoreCase(head.headers().get("transfer-encoding"))) {
            return new ChunkedBody(in);
        }
        String length = head.headers().get("content-length");
        if (length == null) {
            return in; // until the connection ends
        }
        try {
            return new LimitedBody(in, Long.parseLong(length));
        } catch (NumberFormatException e) {
            throw new IOException("the engine's answer has a Content-Length that is none", e);
        }
    }

    /** Ends where its length says; its connection may live on. */
    private static final class LimitedBody extends InputStream {
        private final InputStream in;
        private long left;

        LimitedBody(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(into, from, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the engine's answer breaks off");
            }
            left -= count;
            return count;
        }

        @Override
        public int available() throws IOException {
            return (int) Math.min(left, in.available());
        }
    }

    @Override
    public void close() {
        closed = true;
        for (SocketChannel channel : open) {
            try {
                channel.close();
            } catch (IOException e) {
                // it is gone anyway
            }
        }
        open.clear();
    }
}
