package io.deltaforge.sandbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inserts, updates and deletes in the shop's tables, in transactions. On new tables and undisturbed, the same seed
 * and number of transactions make the same rows (but for their timestamps). Runs once; {@link #totals} and
 * {@link #wrote} may be asked by any thread.
 */
public final class ShopWorkload implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ShopWorkload.class);
    private static final Duration RETRY_AFTER = Duration.ofMillis(200);
    private static final Duration LONGEST_BACKLOG = Duration.ofSeconds(1);

    private final ConnectionSource connections;
    private final RandomGenerator random;
    private final TransactionIds written = new TransactionIds();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile ShopTotals totals = ShopTotals.NONE;
    private volatile @Nullable SQLException failure;
    private @Nullable Thread thread;

    public ShopWorkload(ConnectionSource connections, RandomGenerator random) {
        this.connections = connections;
        this.random = random;
    }

    /** Commits so many transactions on the calling thread, as fast as they go. */
    public void run(int transactions) throws SQLException {
        try (Connection connection = connections.connect()) {
            ShopTrade trade = new ShopTrade(connection, random, written);
            for (int i = 0; i < transactions; i++) {
                count(trade.next());
            }
        }
    }

    /**
     * Trades on a thread of its own until {@link #stop}, through outages of the server: a lost connection is made
     * again. Any other failure ends it, and {@code stop} throws it.
     */
    public synchronized void start(double transactionsPerSecond) {
        if (!(transactionsPerSecond > 0)) {
            throw new IllegalArgumentException("transactionsPerSecond must be more than 0");
        }
        if (thread != null) {
            throw new IllegalStateException("the workload has been started before");
        }
        long intervalNanos = (long) (TimeUnit.SECONDS.toNanos(1) / transactionsPerSecond);
        thread = Thread.ofPlatform().daemon().name("shop-workload").start(() -> tradeUntilStopped(intervalNanos));
    }

    /** What has been committed; a commit that got no answer is not counted. */
    public ShopTotals totals() {
        return totals;
    }

    /** Whether a change in the log is this workload's, by the transaction id that logical decoding gives (32 bits). */
    public boolean wrote(long transactionId) {
        return written.contains(transactionId);
    }

    /** Waits for the transaction under way and throws what ended the workload, if anything did. */
    public synchronized void stop() throws SQLException {
        stopping.countDown();
        if (thread != null) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SQLException("interrupted while the workload ended", e);
            }
        }
        SQLException ended = failure;
        if (ended != null) {
            throw ended;
        }
    }

    @Override
    public void close() throws SQLException {
        stop();
    }

    /** Makes a connection to the database in which the shop is. */
    @FunctionalInterface
    public interface ConnectionSource {
        Connection connect() throws SQLException;
    }

    private void tradeUntilStopped(long intervalNanos) {
        boolean stopped = false;
        while (!stopped) {
            try (Connection connection = connections.connect()) {
                tradeAtRate(new ShopTrade(connection, random, written), intervalNanos);
                stopped = true;
            } catch (SQLException e) {
                if (!isPassing(e)) {
                    failure = e;
                    return;
                }
                log.debug("the shop is closed for the moment: {}", e.getMessage());
                stopped = waitOrStop(RETRY_AFTER.toNanos());
            }
        }
    }

    private void tradeAtRate(ShopTrade trade, long intervalNanos) throws SQLException {
        long dueNanos = System.nanoTime();
        while (!waitOrStop(dueNanos - System.nanoTime())) {
            count(trade.next());
            long earliest = System.nanoTime() - LONGEST_BACKLOG.toNanos();
            dueNanos = Math.max(dueNanos + intervalNanos, earliest);
        }
    }

    private void count(ShopTotals transaction) {
        totals = totals.plus(transaction);
    }

    /** True when it is time to stop. */
    private boolean waitOrStop(long nanos) {
        try {
            return stopping.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** A lost connection (08), a server that comes or goes (57), or someone else's change in our way (23, 40). */
    private static boolean isPassing(SQLException e) {
        String state = e.getSQLState();
        return state != null
                && (state.startsWith("08")
                        || state.startsWith("57")
                        || state.startsWith("23")
                        || state.startsWith("40"));
    }
}
