package io.deltaforge.cli;

import io.deltaforge.reliability.JournalDesk;
import io.deltaforge.reliability.StoredLetter;
import io.deltaforge.spi.DeadLetter;
import java.io.PrintWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code deltaforge dlq list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Lists dead letters, the oldest first; at most 100 unless --limit says otherwise."})
final class DlqListCommand implements Callable<Integer> {
    private static final int USUAL_LIMIT = 100;
    private static final int MOST_OF_KEY = 24;
    private static final int MOST_OF_REASON = 60;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    /** How to print. */
    enum Format {
        TEXT,
        JSON
    }

    @Mixin
    private DlqSelection selection = new DlqSelection();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private Format format = Format.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        return selection.with(desk -> {
            JournalDesk.Query query = selection.query(USUAL_LIMIT);
            List<StoredLetter> letters = desk.list(query);
            PrintWriter out = spec.commandLine().getOut();
            switch (format) {
                case JSON -> {
                    try (LetterJson json = new LetterJson(out)) {
                        letters.forEach(letter -> json.write(letter, false));
                    }
                }
                case TEXT -> {
                    if (letters.isEmpty()) {
                        out.println(selection.nothing(desk));
                    } else {
                        table(letters).forEach(out::println);
                        int more = desk.count(query) - letters.size();
                        if (more > 0) {
                            out.println("… and " + more + " more: --limit " + (letters.size() + more));
                        }
                    }
                }
            }
            return ExitCode.OK;
        });
    }

    private static List<String> table(List<StoredLetter> letters) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ID", "LAST FAILED", "SINK", "KIND", "TABLE", "KEY", "ATTEMPTS", "STATE", "REASON"));
        for (StoredLetter stored : letters) {
            DeadLetter letter = stored.letter();
            byte[] key = letter.payload().record().key();
            rows.add(List.of(
                    Long.toString(stored.id()),
                    TIME.format(letter.attempts().last()),
                    letter.origin().sink(),
                    letter.cause().kind(),
                    LetterText.shortened(letter.origin().table(), MOST_OF_REASON),
                    LetterText.shortened(key == null ? null : LetterText.shown(key), MOST_OF_KEY),
                    Integer.toString(letter.attempts().count()),
                    LetterText.state(stored),
                    LetterText.shortened(letter.cause().reason(), MOST_OF_REASON)));
        }
        return aligned(rows);
    }

    private static List<String> aligned(List<List<String>> rows) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = row.get(i);
                String padding = " ".repeat(widths[i] - width(cell));
                line.append(i == 0 ? padding + cell : cell + padding).append("  ");
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
