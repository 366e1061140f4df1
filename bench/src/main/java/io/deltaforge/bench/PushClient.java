package io.deltaforge.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Sends the lines of a {@link LogFile} to a port of this machine. */
final class PushClient {
    static final int BODY_LINES = 5000;

    private static final int BODY_BYTES = BODY_LINES * LogFile.LINE_BYTES;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final byte[] HEADER = "<14>1 2026-01-01T00:00:00.000Z web-1 shop 4711 - - ".getBytes(US_ASCII);

    private final Path file;
    private final int port;
    private final int connections;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** @param connections of HTTP, each with one request at a time */
    PushClient(Path file, int port, int connections) {
        this.file = file;
        this.port = port;
        this.connections = connections;
    }

    /** As NDJSON, a body of {@value #BODY_LINES} lines after the other; what is not taken is sent again. */
    void http() throws IOException, InterruptedException {
        connect().close();
        AtomicLong next = new AtomicLong();
        try (FileChannel lines = FileChannel.open(file);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> senders = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                senders.add(threads.submit(() -> {
                    byte[] body = new byte[BODY_BYTES];
                    int length = lines.read(ByteBuffer.wrap(body), next.getAndAdd(BODY_BYTES));
                    while (length > 0) {
                        post(body, length);
                        length = lines.read(ByteBuffer.wrap(body), next.getAndAdd(BODY_BYTES));
                    }
                    return null;
                }));
            }
            for (Future<?> sender : senders) {
                sender.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("a body was not taken", e);
        }
    }

    private void post(byte[] body, int length) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/logs"))
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body, 0, length))
                .build();
        int status =
                client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        while (status == 429 || status == 503) {
            LockSupport.parkNanos(PAUSE_NANOS);
            status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
        if (status != 200) {
            throw new IOException("the answer is " + status);
        }
    }

    /** As messages of RFC 5424, each with a newline behind it. */
    void syslog() throws IOException {
        byte[] line = new byte[LogFile.LINE_BYTES];
        try (Socket socket = connect();
                InputStream lines = new BufferedInputStream(Files.newInputStream(file), 1 << 20);
                OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16)) {
            while (lines.readNBytes(line, 0, line.length) == line.length) {
                out.write(HEADER);
                out.write(line);
            }
        }
    }

    /** Once somebody listens. */
    private Socket connect() throws IOException {
        while (true) {
            try {
                return new Socket(InetAddress.getLoopbackAddress(), port);
            } catch (ConnectException e) {
                LockSupport.parkNanos(PAUSE_NANOS);
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
        }
    }
}
