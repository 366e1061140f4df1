package io.deltaforge.spi.intake;

import io.deltaforge.event.LogEntry;
import io.deltaforge.event.Position;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Transaction;
import io.deltaforge.spi.Feed;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What was handed on and is not durable yet, by its numbers. Confined to the source thread. */
final class Unsettled {
    private final SourceInfo info;
    private final ArrayDeque<Handed> kept = new ArrayDeque<>();
    private long lastNumber;
    private long keptBytes;
    private int receipts;

    private record Handed(
            Transaction transaction,
            EntryNumber last,
            List<Draft> drafts,
            long bytes,
            @Nullable CompletableFuture<Void> receipt) {

        private Handed withoutReceipt() {
            return new Handed(transaction, last, drafts, bytes, null);
        }
    }

    Unsettled(SourceInfo info) {
        this.info = info;
    }

    /** The next entry's number is higher than this. */
    void beginAbove(long number) {
        lastNumber = Math.max(lastNumber, number);
    }

    /** What lies before all that is kept, or before the next entry. */
    EntryNumber beginning() {
        Handed first = kept.peek();
        return new EntryNumber(first == null ? lastNumber : first.last.number() - first.drafts.size());
    }

    /** @param keep whether another feed may be given the entries too */
    void hand(Intake.Arrival arrival, Feed feed, boolean keep) {
        long number = lastNumber + arrival.drafts().size();
        EntryNumber last = new EntryNumber(number);
        long nowMicros = Math.multiplyExact(System.currentTimeMillis(), 1000);
        Transaction transaction = new Transaction(info, number, nowMicros, number, lastNumber, last);
        Handed handed = new Handed(transaction, last, arrival.drafts(), arrival.bytes(), arrival.receipt());
        lastNumber = number;
        if (keep) {
            kept.add(handed);
            keptBytes += handed.bytes;
        }
        if (handed.receipt != null) {
            receipts++;
        }
        hand(handed, feed);
    }

    private static void hand(Handed handed, Feed feed) {
        int ordinal = 0;
        long number = handed.last.number() - handed.drafts.size();
        for (Draft draft : handed.drafts) {
            LogEntry entry = draft.numbered(handed.transaction, ++number, ordinal++);
            feed.event(entry);
        }
        feed.commit(handed.last);
    }

    /** @param resume where the feed begins; what it covers is held by every sink */
    void handAgain(Feed feed, @Nullable EntryNumber resume) {
        settle(resume);
        kept.forEach(handed -> hand(handed, feed));
    }

    /** Forgets what is durable, and says so to whom waits for it. */
    void settle(@Nullable Position durable) {
        if (!(durable instanceof EntryNumber reached)) {
            return;
        }
        for (Handed first = kept.peek(); first != null && reached.covers(first.last); first = kept.peek()) {
            kept.remove();
            keptBytes -= first.bytes;
            if (first.receipt != null) {
                receipts--;
                first.receipt.complete(null);
            }
        }
    }

    /** The source ends: those who wait for what is not durable are told. The entries stay, for another feed. */
    void refuseReceipts() {
        for (int i = kept.size(); i > 0; i--) {
            Handed handed = kept.remove();
            if (handed.receipt != null) {
                handed.receipt.completeExceptionally(new IllegalStateException("the pipeline is stopping"));
            }
            kept.add(handed.withoutReceipt());
        }
        receipts = 0;
    }

    boolean isEmpty() {
        return kept.isEmpty();
    }

    boolean hasReceipts() {
        return receipts > 0;
    }

    /** About what it takes in memory. */
    long bytes() {
        return keptBytes;
    }
}
