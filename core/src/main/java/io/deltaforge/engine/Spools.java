package io.deltaforge.engine;

import io.deltaforge.engine.spool.Spool;
import io.deltaforge.engine.spool.SpoolDisk;
import io.deltaforge.event.Position;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SpoolPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes each sink's backlog, with the spool that an earlier run left or this one may need. */
final class Spools {
    private static final Logger LOG = LoggerFactory.getLogger(Spools.class);

    /** Small enough that a spool shrinks while it is read, large enough that files are few. */
    private static final long MOST_SEGMENT_BYTES = 16L << 20;

    private static final long LEAST_SEGMENT_BYTES = 64L << 10;
    private static final int SEGMENTS = 16;
    /** Below the pipeline's directory: of the source, the sink, and the file. */
    private static final int FILES_DEPTH = 3;

    private final PipelineSpec spec;
    private final Function<Path, SpoolDisk> disks;
    private final Patience patience;
    private final PipelineMonitor monitor;

    Spools(PipelineSpec spec, Function<Path, SpoolDisk> disks, Patience patience, PipelineMonitor monitor) {
        this.spec = spec;
        this.disks = disks;
        this.patience = patience;
        this.monitor = monitor;
    }

    Backlog backlogOf(Sink sink, RoomShare room, @Nullable Position checkpoint) {
        PipelineSpec.Spooling spooling = spec.spooling();
        if (spooling == null) {
            return new QueueBacklog(room);
        }
        SpoolPolicy policy = spooling.policy();
        Spool spool = open(sink, spooling);
        Position held = spool.held();
        if (held != null && checkpoint != null && (checkpoint.equals(held) || checkpoint.covers(held))) {
            spool.clear();
        }
        if (!sink.required()) {
            return new SpoolingBacklog(sink.id(), spool, policy, room, patience, monitor);
        }
        if (spool.allRead()) {
            spool.close();
            return new QueueBacklog(room);
        }
        // it was not required when it fell behind: what it left must be delivered first, and nothing of it dropped
        SpoolPolicy lossless = new SpoolPolicy(policy.maxBytes(), SpoolPolicy.WhenFull.PAUSE);
        return new SpoolingBacklog(sink.id(), spool, lossless, room, patience, monitor);
    }

    /**
     * Says what waits for sinks that the pipeline no longer has: only their names lead to it. Nothing is opened: that would
     * read all of it, and mend or refuse what nobody uses.
     */
    void tellOfOtherSinks() {
        bytesOfOtherSinks()
                .forEach((folder, bytes) -> LOG.warn(
                        "pipeline {}: {} holds {} bytes of events for a sink that is not there any more. A sink of this"
                                + " name, with the same source, takes them; if nobody wants them, delete the directory",
                        spec.name(),
                        folder,
                        bytes));
    }

    private Map<Path, Long> bytesOfOtherSinks() {
        PipelineSpec.Spooling spooling = spec.spooling();
        if (spooling == null) {
            return Map.of();
        }
        Set<Path> ours =
                spec.sinks().stream().map(sink -> folder(sink, spooling)).collect(Collectors.toSet());
        Path parent = spooling.directory().resolve(fileName(spec.name()));
        try (Stream<Path> files = Files.find(parent, FILES_DEPTH, (file, attributes) -> Spool.holdsEvents(file))) {
            return files.filter(file -> !ours.contains(file.getParent()))
                    .collect(Collectors.groupingBy(
                            Path::getParent,
                            TreeMap::new,
                            Collectors.summingLong(file -> file.toFile().length())));
        } catch (IOException | UncheckedIOException e) {
            return Map.of(); // no spool was ever there, or what is there fails where it is used
        }
    }

    private Path folder(Sink sink, PipelineSpec.Spooling spooling) {
        return spooling.directory()
                .resolve(fileName(spec.name()))
                .resolve(fileName(spec.source().info().id()))
                .resolve(fileName(sink.id()));
    }

    private Spool open(Sink sink, PipelineSpec.Spooling spooling) {
        long segmentBytes =
                Math.clamp(spooling.policy().maxBytes() / SEGMENTS, LEAST_SEGMENT_BYTES, MOST_SEGMENT_BYTES);
        return new Spool(disks.apply(folder(sink, spooling)), segmentBytes, spec.source()::parsePosition);
    }

    /** The name with everything that a file system might take amiss as {@code %} and four hexadecimal digits. */
    static String fileName(String name) {
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || (c == '.' && i > 0);
            if (plain) {
                safe.append(c);
            } else {
                safe.append(String.format("%%%04x", (int) c));
            }
        }
        return safe.toString();
    }
}
