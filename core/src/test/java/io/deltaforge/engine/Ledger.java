package io.deltaforge.engine;

import io.deltaforge.event.Event;
import io.deltaforge.event.Position;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.HandMade;
import io.deltaforge.spi.SinkContext;
import io.deltaforge.spi.TransactionalSink;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The other side of a transactional sink: what was committed stays, what was not is gone. Outlives the sinks that write to
 * it, of which it serves the one that was opened last.
 */
final class Ledger {
    private final List<List<String>> transactions = new ArrayList<>();
    private @Nullable String checkpoint;
    private @Nullable Writer writer;
    volatile Trouble trouble = Trouble.NONE;
    volatile int opened;
    /** Events that it refuses for good. */
    final Set<String> refused = ConcurrentHashMap.newKeySet();

    /** What goes wrong at a step. */
    interface Trouble {
        Trouble NONE = step -> Outcome.WORKS;

        Outcome at(Step step);
    }

    enum Step {
        OPEN,
        WRITE,
        COMMIT
    }

    enum Outcome {
        WORKS,
        /** Nothing happens. */
        FAILS,
        /** It happens, and nobody hears of it. */
        ANSWER_LOST
    }

    /** Events that readers see, as {@code transaction:ordinal}, in order. */
    synchronized List<String> committed() {
        return transactions.stream().flatMap(List::stream).toList();
    }

    /** The same, by the transaction that made them visible. */
    synchronized List<List<String>> transactions() {
        return List.copyOf(transactions);
    }

    synchronized @Nullable String checkpoint() {
        return checkpoint;
    }

    TransactionalSink sink(String id, boolean required) {
        return new Writer(id, required);
    }

    private final class Writer implements TransactionalSink {
        private final String id;
        private final boolean required;
        private final List<String> pending = new ArrayList<>();
        /** Refused since the last commit, and so left out when they come again. */
        private final Set<String> leftOut = new HashSet<>();

        private boolean broken;

        Writer(String id, boolean required) {
            this.id = id;
            this.required = required;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public boolean required() {
            return required;
        }

        @Override
        public void open(SinkContext context) throws Failure {
            if (trouble.at(Step.OPEN) != Outcome.WORKS) {
                throw new Failure.Retryable("away", null);
            }
            synchronized (Ledger.this) {
                writer = this;
                opened++;
            }
            pending.clear();
            broken = false;
        }

        @Override
        public @Nullable String checkpoint() {
            return Ledger.this.checkpoint();
        }

        @Override
        public CompletableFuture<Void> write(Batch batch) {
            if (broken || trouble.at(Step.WRITE) != Outcome.WORKS) {
                broken = true;
                return RecordingSink.failed(new Failure.Retryable("the transaction is lost", null));
            }
            List<Failure.RejectedEvent> rejected = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                Event event = batch.event(i);
                String name = event.transaction().id() + ":" + event.ordinal();
                if (refused.contains(name) || leftOut.contains(name)) {
                    leftOut.add(name);
                    rejected.add(new Failure.RejectedEvent(i, "refused", name + " is refused."));
                } else {
                    pending.add(name);
                }
            }
            return rejected.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : RecordingSink.failed(new Failure.Rejected(rejected));
        }

        @Override
        public CompletableFuture<Void> write(HandMade letter) {
            pending.add(String.valueOf(letter.record().destination()));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void commit(Position position) throws Failure {
            synchronized (Ledger.this) {
                if (writer != this) {
                    throw new Failure.Fatal("another took over");
                }
                Outcome outcome = broken ? Outcome.FAILS : trouble.at(Step.COMMIT);
                if (outcome != Outcome.FAILS) {
                    transactions.add(List.copyOf(pending));
                    checkpoint = position.text();
                    pending.clear();
                    leftOut.clear();
                }
                if (outcome != Outcome.WORKS) {
                    throw new Failure.Retryable("nobody knows", null);
                }
            }
        }

        @Override
        public void forget() {
            leftOut.clear();
        }

        @Override
        public void reset() throws Failure {
            open(new SinkContext("p", At.LOG, PipelineSpec.DEFAULT_SEND_MAX_BYTES));
        }

        @Override
        public void close() {}
    }
}
