package io.deltaforge.cli.sandbox;

import io.deltaforge.sandbox.Shop;
import io.deltaforge.sandbox.ShopDatabase;
import io.deltaforge.sandbox.ShopTotals;
import io.deltaforge.sandbox.TopicReader;
import io.deltaforge.sandbox.TopicReader.Received;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Shows what arrives in the topics, and counts it beside what the shop commits. Confined to one thread. */
public final class Watch {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration STATUS_EVERY = Duration.ofSeconds(1);
    private static final Duration STATUS_EVERY_IN_A_LOG = Duration.ofSeconds(5);
    private static final int LINES_A_SECOND = 20;

    private final ShopDatabase shop;
    private final TopicReader reader;
    private final Screen screen;
    private final InstantSource clock;
    private final EventLine lines;
    private final SampleBudget budget = new SampleBudget(LINES_A_SECOND, System::nanoTime);
    private final Arrivals arrivals = new Arrivals();
    private final Rate eventRate = new Rate();
    private final Rate transactionRate = new Rate();
    private long statusNanos = System.nanoTime();
    private Instant lastArrival;

    public Watch(ShopDatabase shop, TopicReader reader, Screen screen, InstantSource clock, ZoneId zone) {
        this.shop = shop;
        this.reader = reader;
        this.screen = screen;
        this.clock = clock;
        this.lines = new EventLine(zone);
        this.lastArrival = clock.instant();
        eventRate.at(statusNanos, 0);
        transactionRate.at(statusNanos, 0);
    }

    /**
     * Shows what has arrived, after waiting a moment for it, and once in a while the status.
     *
     * @param trouble of the pipeline
     */
    public void step(Optional<String> trouble) {
        List<ChangeEvent> events = new ArrayList<>();
        for (Received received : reader.poll(POLL)) {
            ChangeEvent.of(received).ifPresent(events::add);
        }
        if (!events.isEmpty()) {
            show(events);
        }
        long now = System.nanoTime();
        Duration every = screen.isInteractive() ? STATUS_EVERY : STATUS_EVERY_IN_A_LOG;
        if (now - statusNanos >= every.toNanos()) {
            statusNanos = now;
            screen.status(status(now, trouble));
        }
    }

    /** In the log's order, for what is received of several topics at once comes topic by topic. */
    private void show(List<ChangeEvent> events) {
        lastArrival = clock.instant();
        events.sort(Comparator.comparing(ChangeEvent::committed).thenComparingLong(ChangeEvent::lsn));
        List<StyledLine> shown = new ArrayList<>();
        for (ChangeEvent event : events) {
            arrivals.add(event, shop.traded(event.transactionId()), lastArrival);
            if (budget.take()) {
                shown.add(lines.of(event));
            }
        }
        screen.events(shown);
    }

    /** Ends the shop's trade; what it committed may still be on its way. */
    public void endTrade() {
        shop.stopTrade();
    }

    /** True when all that the shop committed has arrived, and no more than that. */
    public boolean isComplete() {
        return arrivals.traded() == shop.totals().rows();
    }

    private StyledLine status(long now, Optional<String> trouble) {
        ShopTotals totals = shop.totals();
        long missing = totals.rows() - arrivals.traded();
        Duration quiet = Duration.between(lastArrival, clock.instant());
        Duration behind =
                missing > 0 && quiet.compareTo(arrivals.newestLatency()) > 0 ? quiet : arrivals.newestLatency();
        double oneIn = budget.oneInSinceLast();
        StyledLine line = new StyledLine()
                .add(screen.isInteractive() ? "" : "── ")
                .add(Style.BOLD, number(eventRate.at(now, arrivals.traded())) + " events/s");
        if (oneIn > 1) {
            line.add(Style.YELLOW, " (one in " + Math.round(oneIn) + " shown)");
        }
        line.add(" · " + number(transactionRate.at(now, totals.transactions())) + " commits/s")
                .add(" · lag " + Math.max(0, missing) + " events, " + time(behind))
                .add(" · " + grouped(arrivals.traded()) + " delivered");
        trouble.ifPresent(reason -> line.add(Style.RED, " · retrying: " + reason));
        return line;
    }

    /** What was committed and what arrived. */
    public List<StyledLine> summary() {
        ShopTotals totals = shop.totals();
        List<StyledLine> summary = new ArrayList<>();
        summary.add(new StyledLine()
                .add(Style.BOLD, "committed  ")
                .add(grouped(totals.rows()) + " changes in " + grouped(totals.transactions()) + " transactions ("
                        + grouped(totals.inserts()) + " inserts, "
                        + grouped(totals.updates()) + " updates, " + grouped(totals.deletes()) + " deletes)"));
        boolean complete = isComplete();
        summary.add(new StyledLine()
                .add(Style.BOLD, "delivered  ")
                .add(complete ? Style.GREEN : Style.RED, grouped(arrivals.traded()) + " of " + grouped(totals.rows()))
                .add(": " + perTable()));
        if (!complete) {
            long missing = totals.rows() - arrivals.traded();
            summary.add(new StyledLine()
                    .add(
                            Style.RED,
                            missing > 0
                                    ? "missing    " + grouped(missing) + " committed changes have not arrived"
                                    : "too many   " + grouped(-missing)
                                            + " changes arrived that no commit was seen of"));
        }
        if (arrivals.traded() > 0) {
            summary.add(new StyledLine()
                    .add(Style.BOLD, "latency    ")
                    .add("from commit to consumer " + time(arrivals.latency(0.5)) + " (median), "
                            + time(arrivals.latency(0.99)) + " (99 %), " + time(arrivals.latency(1)) + " (all)"));
        }
        if (arrivals.repeated() > 0) {
            summary.add(new StyledLine().add("           " + grouped(arrivals.repeated()) + " came once more"));
        }
        if (arrivals.others() > 0) {
            summary.add(new StyledLine()
                    .add("           " + grouped(arrivals.others())
                            + " more that were not the shop's, or from before"));
        }
        return summary;
    }

    private String perTable() {
        return Shop.TABLES.stream()
                .map(table -> table + " " + grouped(arrivals.traded(table)))
                .collect(Collectors.joining(", "));
    }

    private static String time(Duration time) {
        return time.compareTo(Duration.ofSeconds(10)) < 0 ? time.toMillis() + " ms" : time.toSeconds() + " s";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
    }

    private static String grouped(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
