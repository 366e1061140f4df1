package io.deltaforge.engine;

import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import java.util.ArrayList;
import java.util.List;

/** Batches that go to the dead letter queue as a whole, for what happened to them and not for what is in them. */
final class WholeBatch {
    /** They found no place in the queue. */
    static final String OVERFLOW = "overflow";
    /** The sink did not take them. */
    static final String ERROR = "error";
    /** The sink did not answer in time. */
    static final String TIMEOUT = "timeout";

    private WholeBatch() {}

    static Failure.Rejected rejected(Batch batch, String kind, String reason) {
        List<Failure.RejectedEvent> events = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            events.add(new Failure.RejectedEvent(i, kind, reason));
        }
        return new Failure.Rejected(events);
    }
}
