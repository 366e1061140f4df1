package io.deltaforge.cli;

import io.deltaforge.reliability.JournalDesk;
import io.deltaforge.reliability.StoredLetter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code deltaforge dlq ack}. */
@Command(
        name = "ack",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Removes dead letters that somebody has dealt with elsewhere; they are not sent.",
            "Name their ids, or narrow with --sink, --error-kind or --limit."
        })
final class DlqAckCommand implements Callable<Integer> {
    @Mixin
    private DlqSelection selection = new DlqSelection();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (!selection.isNarrowed()) {
            throw UserError.usage(
                    "say which: ids, --sink, --error-kind or --limit (`dlq purge` removes all of a pipeline)");
        }
        return selection.with(desk -> {
            JournalDesk.Query query = selection.query(Integer.MAX_VALUE);
            if (!selection.ids().isEmpty()) {
                selection.requireAll(
                        desk.list(query).stream().map(StoredLetter::id).toList());
            }
            int removed = desk.remove(query);
            spec.commandLine()
                    .getOut()
                    .println(removed == 0 ? selection.nothing(desk) : removed + " acknowledged and removed");
            return ExitCode.OK;
        });
    }
}
