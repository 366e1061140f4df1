package io.deltaforge.sink.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The first kilobyte of an answer's body. The rest is read too, so that the connection can serve again, unless there is far
 * too much of it. Called by the client, one thread at a time.
 */
final class BodyExcerpt implements HttpResponse.BodySubscriber<String> {
    private static final int MAX_KEPT = 1024;
    private static final long MAX_READ = 1 << 18;

    private final CompletableFuture<String> body = new CompletableFuture<>();
    private final byte[] kept = new byte[MAX_KEPT];
    private int keptLength;
    private long read;
    private Flow.@Nullable Subscription subscription;

    @Override
    public CompletionStage<String> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription next) {
        subscription = next;
        next.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            read += buffer.remaining();
            int length = Math.min(buffer.remaining(), MAX_KEPT - keptLength);
            buffer.get(kept, keptLength, length);
            keptLength += length;
        }
        if (read > MAX_READ && subscription != null) {
            subscription.cancel();
            onComplete();
        }
    }

    @Override
    public void onError(Throwable error) {
        body.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
        body.complete(new String(kept, 0, keptLength, UTF_8));
    }
}
