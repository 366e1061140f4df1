package io.deltaforge.sink.file;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/**
 * Names for new files, {@code <stream>-20261121T101502123Z.jsonl}: by name they are in the order of their events, and none is
 * used twice. Confined to one thread.
 */
final class FinishedNames {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

    private final Disk disk;
    private final Clock clock;
    private Instant last = Instant.EPOCH;

    FinishedNames(Disk disk, Clock clock) {
        this.disk = disk;
        this.clock = clock;
    }

    String next(String stream, String ending) {
        Instant time = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        if (!time.isAfter(last)) {
            time = last.plusMillis(1); // the clock was set back
        }
        String name = stream + '-' + TIME.format(time) + ending;
        while (disk.exists(name) || disk.exists(name + LeftOvers.OPEN)) {
            time = time.plusMillis(1);
            name = stream + '-' + TIME.format(time) + ending;
        }
        last = time;
        return name;
    }
}
