package io.deltaforge.engine;

import io.deltaforge.engine.spool.Entry;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** What is on the way to a sink, and before that what has to be sent again, in order. Confined to its delivery thread. */
final class Flight implements Iterable<Sent> {
    private final ArrayDeque<Sent> onTheWay = new ArrayDeque<>();
    /** Polled from the backlog, and to be sent before what waits there. */
    private final ArrayDeque<Tried> again = new ArrayDeque<>();

    /** An entry, and how often it has failed. */
    record Tried(Entry entry, int failures) {}

    @Nullable
    Sent head() {
        return onTheWay.peek();
    }

    Sent last() {
        return onTheWay.getLast();
    }

    boolean isEmpty() {
        return onTheWay.isEmpty();
    }

    @Override
    public Iterator<Sent> iterator() {
        return onTheWay.iterator();
    }

    void sent(Sent sent) {
        onTheWay.add(sent);
    }

    void removeHead() {
        onTheWay.remove();
    }

    /** How many events are on the way. */
    int events() {
        int events = 0;
        for (Sent sent : onTheWay) {
            events += sent.fresh().size();
        }
        return events;
    }

    /** True when nothing has to be sent before what waits in the backlog. */
    boolean isNothingLeftOver() {
        return again.isEmpty();
    }

    /** The next one to be sent again; {@code null} when there is none. */
    @Nullable
    Tried nextAgain() {
        return again.peek();
    }

    @Nullable
    Tried takeAgain() {
        return again.poll();
    }

    /** To be sent before all others. */
    void putBack(Tried tried) {
        again.addFirst(tried);
    }

    boolean allDone() {
        for (Sent sent : onTheWay) {
            if (!sent.isDone()) {
                return false;
            }
        }
        return true;
    }

    /** One failure more counts for what is to be sent next. */
    void failedAgain() {
        Tried oldest = again.poll();
        if (oldest != null) {
            again.addFirst(new Tried(oldest.entry(), oldest.failures() + 1));
        }
    }

    /** Everything on the way is lost and has to be sent again; {@code failures} more count for the oldest of it. */
    void lost(int failures) {
        for (Sent sent = onTheWay.pollLast(); sent != null; sent = onTheWay.pollLast()) {
            boolean oldest = onTheWay.isEmpty();
            again.addFirst(new Tried(sent.entry(), sent.failures() + (oldest ? failures : 0)));
        }
    }
}
