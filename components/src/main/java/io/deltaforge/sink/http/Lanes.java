package io.deltaforge.sink.http;

import io.deltaforge.spi.Failure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Requests on their way, in lanes: each sends the next request when the one before has arrived. The first failure ends all
 * lanes, and is told only when nothing is on the way any more, so that nothing that is sent again can be overtaken by what
 * was sent before (invariant 2). Thread-safe.
 */
final class Lanes {
    private static final Answers.Verdict ABANDONED =
            new Answers.Verdict.Failed(new Failure.Retryable("the request was broken off", null));

    private final RequestSender sender;
    private final List<Deque<Outgoing>> waiting = new ArrayList<>();
    /** By lane; {@code null} where nothing is on the way. */
    private final List<@Nullable CompletableFuture<?>> onTheWay = new ArrayList<>();

    private final Set<BatchProgress> batches = new HashSet<>();
    private final List<String> arrivedInVain = new ArrayList<>();
    private @Nullable Failure failure;

    Lanes(RequestSender sender, int count) {
        this.sender = sender;
        for (int lane = 0; lane < count; lane++) {
            waiting.add(new ArrayDeque<>());
            onTheWay.add(null);
        }
    }

    /** Sends a batch's requests behind all that came before. */
    @SuppressWarnings("FutureReturnValueIgnored") // forgetting cannot fail
    void send(List<List<Outgoing>> requests, BatchProgress batch) {
        Failure refusal;
        synchronized (this) {
            refusal = failure;
            if (refusal == null) {
                batches.add(batch);
                batch.done().whenComplete((nothing, error) -> forget(batch));
                for (int lane = 0; lane < requests.size(); lane++) {
                    waiting.get(lane).addAll(requests.get(lane));
                }
            }
        }
        if (refusal != null) {
            fail(batch, refusal);
            return;
        }
        for (int lane = 0; lane < requests.size(); lane++) {
            sendNext(lane);
        }
    }

    private synchronized void forget(BatchProgress batch) {
        batches.remove(batch);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // answered() hears of the failure
    private void sendNext(int lane) {
        CompletableFuture<Answers.Verdict> verdict;
        Outgoing next;
        synchronized (this) {
            if (failure != null
                    || onTheWay.get(lane) != null
                    || waiting.get(lane).isEmpty()) {
                return;
            }
            next = waiting.get(lane).remove();
            verdict = sender.send(next);
            onTheWay.set(lane, verdict);
        }
        verdict.whenComplete((known, cancelled) -> answered(lane, next, known != null ? known : ABANDONED));
    }

    private void answered(int lane, Outgoing request, Answers.Verdict verdict) {
        switch (verdict) {
            case Answers.Verdict.Delivered delivered -> {
                request.items().forEach(item -> request.batch().arrived(item.eventId()));
                request.batch().settle(request.items().size());
            }
            case Answers.Verdict.Refused refused when request.items().size() > 1 -> halve(lane, request);
            case Answers.Verdict.Refused refused -> {
                Outgoing.Item item = request.items().getFirst();
                request.batch().reject(sender.rejected(item, refused));
                request.batch().settle(request.items().size());
            }
            case Answers.Verdict.Failed failed -> fail(failed.why());
        }
        synchronized (this) {
            onTheWay.set(lane, null);
        }
        sendNext(lane);
        failWhenQuiet();
    }

    /** Finds out which event is at fault, or how many are too many: the first half goes next, then the other. */
    private synchronized void halve(int lane, Outgoing request) {
        int size = request.items().size();
        waiting.get(lane).addFirst(request.part(size / 2, size));
        waiting.get(lane).addFirst(request.part(0, size / 2));
    }

    /** The first failure, or the first fatal one: what needs a human must not be hidden by its consequences. */
    private synchronized void fail(Failure next) {
        if (failure == null || (!(failure instanceof Failure.Fatal) && next instanceof Failure.Fatal)) {
            failure = next;
        }
    }

    private void failWhenQuiet() {
        Failure why;
        Collection<BatchProgress> failed;
        synchronized (this) {
            why = failure;
            if (why == null || onTheWay.stream().anyMatch(Objects::nonNull)) {
                return;
            }
            failed = List.copyOf(batches);
        }
        for (BatchProgress batch : failed) {
            fail(batch, why);
        }
    }

    private void fail(BatchProgress batch, Failure why) {
        synchronized (this) {
            arrivedInVain.addAll(batch.arrived());
        }
        batch.fail(why);
    }

    /** The identities of events that the endpoint holds, of batches that failed. */
    synchronized List<String> arrivedInVain() {
        return List.copyOf(arrivedInVain);
    }

    /** Breaks off what is on the way and fails what is not done. */
    void abandon() {
        List<CompletableFuture<?>> broken = new ArrayList<>();
        synchronized (this) {
            fail(new Failure.Retryable("the sink is closed", null));
            for (CompletableFuture<?> request : onTheWay) {
                if (request != null) {
                    broken.add(request);
                }
            }
        }
        broken.forEach(request -> request.cancel(true));
        failWhenQuiet();
    }
}
