package io.deltaforge.sandbox;

/** What a workload has committed: transactions, and the rows in them by what was done to them. */
public record ShopTotals(long transactions, long inserts, long updates, long deletes) {
    public static final ShopTotals NONE = new ShopTotals(0, 0, 0, 0);

    /** Rows changed, which is the number of events to be expected. */
    public long rows() {
        return inserts + updates + deletes;
    }

    ShopTotals plus(ShopTotals other) {
        return new ShopTotals(
                transactions + other.transactions,
                inserts + other.inserts,
                updates + other.updates,
                deletes + other.deletes);
    }

    static ShopTotals transaction(long inserts, long updates, long deletes) {
        return new ShopTotals(1, inserts, updates, deletes);
    }
}
