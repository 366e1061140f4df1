package io.deltaforge.sink.http;

import io.deltaforge.spi.Batch;
import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.HandMade;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkContext;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends events to an HTTP endpoint. Confined to the sink's delivery thread, which makes the requests; the answers arrive on
 * threads of the client, see {@link Lanes}.
 */
public final class HttpSink implements Sink {
    public static final ComponentType<Sink, HttpSinkConfig> TYPE =
            new ComponentType<>(Sink.class, "http", "An HTTP endpoint (webhook).", HttpSinkConfig.class, HttpSink::new);

    private final HttpSinkConfig config;
    private final RequestMaker requests;
    private final Answers answers;
    private @Nullable HttpClient client;
    private @Nullable Lanes live;

    public HttpSink(HttpSinkConfig config) {
        this(config, Clock.systemUTC());
    }

    /** @param clock what a date in {@code Retry-After} is compared with */
    HttpSink(HttpSinkConfig config, Clock clock) {
        this.config = config;
        Address address = Address.of(config.url());
        this.answers = new Answers(address, config, clock);
        this.requests = new RequestMaker(config, address, answers);
    }

    @Override
    public String id() {
        return config.id();
    }

    @Override
    public boolean required() {
        return config.required();
    }

    @Override
    public void open(SinkContext context) throws Failure {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(config.connectTimeout());
        if (config.caFile() != null) {
            builder.sslContext(TrustedCertificates.of(config.caFile()));
        }
        HttpClient opened = builder.build();
        client = opened;
        live = newLanes(opened);
    }

    private Lanes newLanes(HttpClient opened) {
        return new Lanes(new RequestSender(opened, config, answers, requests.contentType()), config.maxInflight());
    }

    @Override
    public CompletableFuture<Void> write(Batch batch) {
        return send(progress -> requests.requests(batch, progress));
    }

    @Override
    public CompletableFuture<Void> write(HandMade letter) {
        return send(progress -> requests.requests(letter, progress));
    }

    private CompletableFuture<Void> send(Function<BatchProgress, List<List<Outgoing>>> made) {
        Lanes lanes = live;
        if (lanes == null) {
            return CompletableFuture.failedFuture(new Failure.Retryable("the sink is closed", null));
        }
        BatchProgress progress = new BatchProgress();
        // one more for the sending itself, so that it cannot be done before all of it is on the way
        progress.expect(1);
        lanes.send(made.apply(progress), progress);
        progress.settle(1);
        return progress.done();
    }

    @Override
    public void reset() {
        Lanes failed = live;
        HttpClient opened = client;
        if (failed != null && opened != null) {
            failed.abandon();
            requests.leaveOut(failed.arrivedInVain());
            live = newLanes(opened);
        }
    }

    @Override
    public void close() {
        Lanes lanes = live;
        HttpClient opened = client;
        live = null;
        client = null;
        if (lanes != null) {
            lanes.abandon();
        }
        if (opened != null) {
            opened.shutdownNow();
        }
    }
}
