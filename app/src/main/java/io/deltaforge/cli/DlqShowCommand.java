package io.deltaforge.cli;

import io.deltaforge.reliability.JournalDesk;
import io.deltaforge.reliability.StoredLetter;
import io.deltaforge.spi.DeadLetter;
import io.deltaforge.spi.Rendered;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code deltaforge dlq show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Shows everything that is known of dead letters; at most 10 unless --limit says otherwise.",
            "Keys and values are shown as text where they are UTF-8, and in base64 otherwise."
        })
final class DlqShowCommand implements Callable<Integer> {
    private static final int USUAL_LIMIT = 10;

    @Mixin
    private DlqSelection selection = new DlqSelection();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private DlqListCommand.Format format = DlqListCommand.Format.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        return selection.with(desk -> {
            JournalDesk.Query query =
                    selection.query(Math.max(USUAL_LIMIT, selection.ids().size()));
            List<Long> found = desk.list(query).stream().map(StoredLetter::id).toList();
            selection.requireAll(found);
            PrintWriter out = spec.commandLine().getOut();
            switch (format) {
                case JSON -> {
                    try (LetterJson json = new LetterJson(out)) {
                        desk.each(query, letter -> json.write(letter, true));
                    }
                }
                case TEXT -> {
                    if (found.isEmpty()) {
                        out.println(selection.nothing(desk));
                    }
                    desk.each(query, letter -> print(letter, out));
                    int more = desk.count(query) - found.size();
                    if (more > 0) {
                        out.println("… and " + more + " more: name their ids, or --limit " + (found.size() + more));
                    }
                }
            }
            return ExitCode.OK;
        });
    }

    private static void print(StoredLetter stored, PrintWriter out) {
        DeadLetter letter = stored.letter();
        DeadLetter.Origin origin = letter.origin();
        Rendered record = letter.payload().record();
        out.println("dead letter " + stored.id());
        line("pipeline", origin.pipeline(), out);
        line("sink", origin.sink(), out);
        line("error kind", letter.cause().kind(), out);
        line("reason", letter.cause().reason(), out);
        line("attempts", letter.attempts().count(), out);
        line("first failed", letter.attempts().first(), out);
        line("last failed", letter.attempts().last(), out);
        line("source", origin.source(), out);
        line("position", origin.position(), out);
        line("event id", origin.eventId(), out);
        line("table", origin.table(), out);
        line("op", origin.op(), out);
        line("destination", record.destination(), out);
        line("partition", record.partition(), out);
        line("payload", payload(letter.payload()), out);
        line("replay", replay(stored), out);
        line("by itself", byItself(stored), out);
        for (Rendered.Header header : record.headers()) {
            line("header", header.name() + ": " + LetterText.shown(header.value()), out);
        }
        block("key", record.key(), out);
        block("value", record.value(), out);
        out.println();
    }

    private static String payload(DeadLetter.Payload payload) {
        return payload.bytes() + " bytes, payload_truncated: " + payload.isTruncated()
                + (payload.isTruncated() ? " (" + payload.truncation() + ")" : "");
    }

    private static String replay(StoredLetter stored) {
        if (stored.wanted()) {
            return "wanted; it is sent as soon as the pipeline runs";
        }
        return stored.hasEvent() ? "possible, as it was or edited" : "only with a value of yours (--file)";
    }

    private static @Nullable String byItself(StoredLetter stored) {
        if (stored.parked()) {
            return "sent again " + stored.tries() + " times and parked";
        }
        return stored.tries() == 0 ? null : "sent again " + stored.tries() + " times";
    }

    private static void line(String name, @Nullable Object value, PrintWriter out) {
        if (value != null) {
            out.printf("  %-14s %s%n", name, LetterText.harmless(value.toString()));
        }
    }

    private static void block(String name, byte @Nullable [] bytes, PrintWriter out) {
        if (bytes == null) {
            out.printf("  %-14s none%n", name);
        } else {
            out.printf("  %-14s %s%n", name, LetterText.shown(bytes));
        }
    }
}
