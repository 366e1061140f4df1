package io.deltaforge.sink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.spi.Failure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What became of a batch. */
final class Written {
    private static final Pattern NOTE = Pattern.compile("\"note\":\"([^\"]*)\"");

    private Written() {}

    static void delivered(CompletableFuture<Void> written)
            throws ExecutionException, InterruptedException, TimeoutException {
        written.get(90, TimeUnit.SECONDS);
    }

    static Failure failure(CompletableFuture<Void> written) throws InterruptedException, TimeoutException {
        try {
            written.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return (Failure) e.getCause();
        }
        throw new AssertionError("it was delivered");
    }

    /** The {@code note} of an order's record. */
    static String note(ConsumerRecord<byte[], byte[]> record) {
        Matcher note = NOTE.matcher(new String(record.value(), UTF_8));
        assertThat(note.find()).isTrue();
        return note.group(1);
    }
}
