package io.deltaforge.cli;

import io.deltaforge.reliability.JournalDesk;
import io.deltaforge.reliability.StoredLetter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code deltaforge dlq replay}. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Sends dead letters again, through the running pipeline. An entry is removed once its sink has acknowledged it;"
                    + " one that fails again stays, with the new reason.",
            "Without --file the event goes as the pipeline's settings now say. With --file the file's bytes are its new"
                    + " value, and destination, key and headers stay. What a consumer has meanwhile read of the same key is"
                    + " newer: see docs/dlq.md."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deltaforge dlq replay --pipeline orders",
            "  deltaforge dlq replay --pipeline orders 7 9",
            "  deltaforge dlq replay --pipeline orders 7 --file mended.json"
        })
final class DlqReplayCommand implements Callable<Integer> {
    private static final int MOST_FILE_BYTES = 256 << 20;
    private static final long BETWEEN_LOOKS_MILLIS = 200;

    @Mixin
    private DlqSelection selection = new DlqSelection();

    @Option(names = "--file", paramLabel = "FILE", description = "The new value, for one ID.")
    private @Nullable Path file;

    @Option(
            names = {"--destination", "--topic"},
            paramLabel = "NAME",
            description =
                    "With --file: where to send it instead. A topic; a file's name, as `dlq show` says it; a whole URL of"
                            + " the webhook's host.")
    private @Nullable String destination;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = RunCommand.TimeConverter.class,
            description = "How long to wait for the outcome (default: ${DEFAULT-VALUE}). 0s returns at once.")
    private Duration wait = Duration.ofSeconds(30);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (file != null && selection.ids().size() != 1) {
            throw UserError.usage("--file is the new value of one entry: name its id");
        }
        if (file == null && destination != null) {
            throw UserError.usage(
                    "--destination goes with --file: an entry that is sent as it was goes where the pipeline says");
        }
        return selection.with(desk -> {
            JournalDesk.Query query = selection.query(Integer.MAX_VALUE);
            List<StoredLetter> letters = desk.list(query);
            selection.requireAll(letters.stream().map(StoredLetter::id).toList());
            if (letters.isEmpty()) {
                spec.commandLine().getOut().println(selection.nothing(desk));
                return ExitCode.OK;
            }
            boolean isRunning = selection.isRunning(desk);
            Path edited = file;
            List<Long> wanted = edited == null ? wantAsTheyWere(desk, letters) : want(desk, letters.getFirst(), edited);
            boolean allWanted = wanted.size() == letters.size();
            if (!isRunning && !wanted.isEmpty()) {
                spec.commandLine()
                        .getOut()
                        .println("pipeline " + selection.pipeline() + " does not run; "
                                + (wanted.size() == 1 ? "1 entry" : wanted.size() + " entries")
                                + " will be sent when it does");
                return allWanted ? ExitCode.OK : ExitCode.FATAL;
            }
            return await(desk, wanted) && allWanted ? ExitCode.OK : ExitCode.FATAL;
        });
    }

    /** Those for which it is possible; the others are named. */
    private List<Long> wantAsTheyWere(JournalDesk desk, List<StoredLetter> letters) {
        List<Long> wanted = new ArrayList<>();
        for (StoredLetter stored : letters) {
            if (stored.hasEvent()) {
                wanted.add(stored.id());
            } else {
                String why = stored.letter().payload().truncation();
                spec.commandLine()
                        .getErr()
                        .println(stored.id() + ": cannot be sent as it was: its payload is not kept whole"
                                + (why == null ? "" : " (" + why + ")") + "; give its new value with --file");
            }
        }
        if (!wanted.isEmpty()) {
            desk.wantAsTheyWere(wanted);
        }
        return wanted;
    }

    private List<Long> want(JournalDesk desk, StoredLetter stored, Path edited) {
        if (!stored.letter().payload().keyIsWhole()) {
            throw UserError.usage(stored.id() + " cannot be sent: its key is not kept whole ("
                    + stored.letter().payload().truncation() + ")");
        }
        if (destination == null && stored.letter().payload().record().destination() == null) {
            throw UserError.usage(stored.id() + " has no destination ("
                    + stored.letter().cause().reason() + "): name one with --destination");
        }
        desk.want(stored.id(), read(edited), destination);
        return List.of(stored.id());
    }

    private static byte[] read(Path file) {
        try {
            if (Files.size(file) > MOST_FILE_BYTES) {
                throw UserError.usage(file + " is larger than " + MOST_FILE_BYTES + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw UserError.usage("no such file: " + file);
        } catch (IOException e) {
            throw UserError.usage(file + " cannot be read: " + DataDirectory.reason(e));
        }
    }

    /** True when all were delivered. */
    private boolean await(JournalDesk desk, List<Long> ids) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        List<Long> open = new ArrayList<>(ids);
        boolean allDelivered = true;
        long deadlineNanos = System.nanoTime() + wait.toNanos();
        while (true) {
            for (Iterator<Long> next = open.iterator(); next.hasNext(); ) {
                long id = next.next();
                JournalDesk.Outcome outcome = desk.outcome(id);
                if (outcome instanceof JournalDesk.Outcome.Waiting) {
                    continue;
                }
                next.remove();
                allDelivered &= outcome instanceof JournalDesk.Outcome.Delivered;
                out.println(id + ": " + told(outcome));
                out.flush();
            }
            if (open.isEmpty()) {
                return allDelivered;
            }
            if (System.nanoTime() - deadlineNanos >= 0) {
                out.println((open.size() == 1 ? "1 entry waits" : open.size() + " entries wait")
                        + " still, and will be sent: see `deltaforge dlq list --pipeline " + selection.pipeline()
                        + "`");
                return wait.isZero() && allDelivered;
            }
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
        }
    }

    private static String told(JournalDesk.Outcome outcome) {
        return switch (outcome) {
            case JournalDesk.Outcome.Waiting waiting -> "waiting";
            case JournalDesk.Outcome.Delivered delivered -> "delivered and removed";
            case JournalDesk.Outcome.Refused refused -> "failed again: " + LetterText.harmless(refused.reason());
            case JournalDesk.Outcome.Gone gone -> "was removed by somebody else before it was sent";
        };
    }
}
