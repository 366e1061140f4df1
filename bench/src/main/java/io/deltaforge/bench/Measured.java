package io.deltaforge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What a process has cost so far, by Linux's own accounting (proc(5)). */
record Measured(Duration cpu, long rssBytes, long peakRssBytes) {
    private static final int TICKS_PER_SECOND = 100;

    static Measured of(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // the name in parentheses may hold spaces; utime and stime are the 12th and 13th fields after it
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        List<String> status = Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"));
        return new Measured(
                Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND), bytes(status, "VmRSS:"), bytes(status, "VmHWM:"));
    }

    private static long bytes(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElse(0);
    }
}
