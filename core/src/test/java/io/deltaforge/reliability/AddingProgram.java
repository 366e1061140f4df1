package io.deltaforge.reliability;

import io.deltaforge.engine.spool.EventBytes;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.JournalPolicy;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** Adds two dead letters at a time, numbered from 0, and prints the second's number once both are in; until it is killed. */
final class AddingProgram {
    private AddingProgram() {}

    public static void main(String[] arguments) throws Exception {
        JournalPolicy policy = new JournalPolicy(
                true, 1 << 20, List.of(), new JournalPolicy.Bounds(1_000_000, 0, JournalPolicy.Overflow.REJECT, null));
        JournalDeadLetters letters = new JournalDeadLetters(
                new Journal(Path.of(arguments[0])),
                "shop",
                policy,
                new EventBytes(Orders.Lsn::new),
                InstantSource.system(),
                DeadLetterMonitor.NONE);
        for (int i = Integer.parseInt(arguments[1]); ; i += 2) {
            Batch batch = Orders.batch(i, i + 1);
            letters.add("kafka", batch, Orders.all(batch, "message_too_large"));
            System.out.println(i + 1);
        }
    }
}
