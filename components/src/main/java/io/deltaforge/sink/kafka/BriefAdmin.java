package io.deltaforge.sink.kafka;

import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;

/** An admin client for a question or two. It closes without waiting for answers that nobody wants any more. */
record BriefAdmin(Admin client) implements AutoCloseable {
    @Override
    public void close() {
        client.close(Duration.ZERO);
    }
}
