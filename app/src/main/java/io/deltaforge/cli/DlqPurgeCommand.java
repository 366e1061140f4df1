package io.deltaforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.reliability.JournalDesk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code deltaforge dlq purge}. */
@Command(
        name = "purge",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Removes dead letters for good: those of a pipeline, or what --sink, --error-kind and --limit leave of them."
        })
final class DlqPurgeCommand implements Callable<Integer> {
    @Mixin
    private DlqSelection selection = new DlqSelection();

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        return selection.with(desk -> {
            JournalDesk.Query query = selection.query(Integer.MAX_VALUE);
            PrintWriter out = spec.commandLine().getOut();
            int count = Math.min(desk.count(query), query.limit());
            if (count == 0) {
                out.println(selection.nothing(desk));
                return ExitCode.OK;
            }
            if (!yes && !isConfirmed(count, out)) {
                spec.commandLine().getErr().println("nothing was removed; --yes does it without asking");
                return ExitCode.FATAL;
            }
            out.println(desk.remove(query) + " removed");
            return ExitCode.OK;
        });
    }

    private boolean isConfirmed(int count, PrintWriter out) {
        out.print("Remove " + count + (count == 1 ? " dead letter" : " dead letters") + " of pipeline "
                + selection.pipeline() + " for good, without sending them? [y/N] ");
        out.flush();
        String answer = answer();
        if (answer == null) {
            out.println();
            return false;
        }
        return answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }

    private static @Nullable String answer() {
        try {
            return new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine();
        } catch (IOException e) {
            return null;
        }
    }
}
