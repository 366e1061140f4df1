package io.deltaforge.source.http;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.deltaforge.event.Position;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Feed;
import io.deltaforge.spi.Source;
import io.deltaforge.spi.intake.Intake;
import io.deltaforge.spi.intake.Pump;
import io.deltaforge.spi.tls.ServerTls;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes entries over HTTP. Confined to the source thread, except {@link #port}. */
public final class HttpSource implements Source {
    private static final Logger log = LoggerFactory.getLogger(HttpSource.class);

    public static final ComponentType<Source, HttpSourceConfig> TYPE = new ComponentType<>(
            Source.class,
            "http",
            "Entries that are posted: NDJSON, JSON arrays and lines of text; acknowledged once they are durable.",
            HttpSourceConfig.class,
            HttpSource::new);

    /** Most that waits between the requests and the queues. */
    private static final long MAX_WAITING_BYTES = 16 << 20;

    private static final int BACKLOG = 256;
    /** And so most threads: each request has one, lest clients that stop in theirs keep all others waiting. */
    private static final int MAX_CONNECTIONS = 1000;
    /** A heap has room for so many of the largest bodies. */
    private static final int BODIES_IN_HEAP = 4;

    /** How long a request's bytes may take to arrive; without it, a client that sends nothing keeps a thread. */
    private static final int MAX_REQUEST_SECONDS = 120;

    private final HttpSourceConfig config;
    private final long heapBytes;
    private final SourceInfo info;
    private final Intake intake = new Intake(MAX_WAITING_BYTES);
    private final Pump pump;
    private @Nullable HttpServer server;
    private @Nullable ExecutorService threads;
    private volatile int port;

    public HttpSource(HttpSourceConfig config) {
        this(config, Runtime.getRuntime().maxMemory());
    }

    HttpSource(HttpSourceConfig config, long heapBytes) {
        this.config = config;
        this.heapBytes = heapBytes;
        this.info = new SourceInfo("http", config.id(), "");
        this.pump = new Pump(info, intake);
    }

    @Override
    public SourceInfo info() {
        return info;
    }

    @Override
    public Position parsePosition(String text) {
        return pump.parsePosition(text);
    }

    /** That is listened on; 0 while none is. */
    int port() {
        return port;
    }

    /** One body, and the copy that is made of it as it grows, must leave room for all else. */
    private void requireHeap() throws Failure.Fatal {
        long needed = (long) BODIES_IN_HEAP * config.maxBodyBytes();
        if (heapBytes < needed) {
            throw new Failure.Fatal(
                    "max_body_bytes: bodies of %d MiB need a heap of %d MiB. Lower it, or start with DELTAFORGE_OPTS=-Xmx%dm"
                            .formatted(config.maxBodyBytes() >> 20, needed >> 20, (needed >> 20) * 11 / 10),
                    null);
        }
    }

    @Override
    public void run(Feed feed) throws Failure {
        requireHeap();
        pump.begin(feed);
        LogsHandler handler = new LogsHandler(config, intake);
        try {
            listen(handler);
            pump.run(feed);
            handler.end();
            intake.letIn();
            pump.drain(feed);
        } finally {
            close();
        }
    }

    private void listen(LogsHandler handler) throws Failure.Fatal {
        setDefault("sun.net.httpserver.maxReqTime", MAX_REQUEST_SECONDS);
        setDefault("jdk.httpserver.maxConnections", MAX_CONNECTIONS);
        ServerTls tls = ServerTls.of(config.certFile(), config.keyFile(), config.clientCaFile());
        SSLContext context = tls == null ? null : tls.context();
        try {
            HttpServer opened =
                    context == null ? HttpServer.create(config.listen().resolve(), BACKLOG) : https(context);
            ThreadFactory names = Thread.ofPlatform()
                    .daemon()
                    .name("http-" + config.id() + "-", 0)
                    .factory();
            ExecutorService pool = Executors.newCachedThreadPool(names);
            opened.setExecutor(pool);
            opened.createContext("/", handler);
            opened.start();
            server = opened;
            threads = pool;
            port = opened.getAddress().getPort();
        } catch (IOException e) {
            throw config.listen().failure("listen", e);
        }
        log.info(
                "{}: listening on {}://{}:{}{}",
                config.id(),
                context == null ? "http" : "https",
                config.listen().host(),
                port,
                config.path());
    }

    /** The server of the JDK is set by properties of the process; what its user set stays. */
    private static void setDefault(String property, int value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(value));
        }
    }

    private HttpServer https(SSLContext context) throws IOException {
        HttpsServer opened = HttpsServer.create(config.listen().resolve(), BACKLOG);
        boolean asksClients = config.clientCaFile() != null;
        opened.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters connection) {
                SSLParameters parameters = context.getDefaultSSLParameters();
                parameters.setNeedClientAuth(asksClients);
                connection.setSSLParameters(parameters);
            }
        });
        return opened;
    }

    @Override
    public void close() {
        port = 0;
        if (server != null) {
            server.stop(1); // until the last answers are written
            server = null;
        }
        if (threads != null) {
            threads.shutdownNow();
            threads = null;
        }
    }
}
