package io.deltaforge.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code deltaforge sandbox}. */
@Command(
        name = "sandbox",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Shows DeltaForge at work, on servers of its own: a real Kafka, a real PostgreSQL, a shop that keeps trading in"
                    + " it, and a pipeline between them.",
            "Prints the changes as a consumer of the topics sees them, and where to look with psql, kcat and curl."
                    + " Ctrl-C stops everything and compares what the shop committed with what arrived."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deltaforge sandbox",
            "  deltaforge sandbox --seconds 20",
            "  deltaforge sandbox --rate 500 --seconds 60",
            "  deltaforge sandbox --keep ~/shop     the same shop again next time"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all that the shop committed has arrived",
            "1:it has not, or a server cannot go on",
            "2:an option is wrong; nothing was started"
        })
final class SandboxCommand implements Callable<Integer> {
    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "Trade for so long and stop by itself (default: until Ctrl-C).")
    private @Nullable Integer seconds;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "2",
            description = "Transactions a second (default: ${DEFAULT-VALUE}); one has about three changes.")
    private double rate = 2;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description =
                    "Keep the servers' data, the checkpoints and the pipeline file there, and go on with what is there"
                            + " already (default: a temporary directory).")
    private @Nullable Path keep;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        require(seconds == null || seconds >= 1, "--seconds must be at least 1");
        require(rate > 0 && rate <= 1_000_000, "--rate must be more than 0 and at most 1000000");
        SandboxSession.Settings settings = new SandboxSession.Settings(
                keep == null ? null : keep.toAbsolutePath().normalize(),
                rate,
                seconds == null ? null : Duration.ofSeconds(seconds));
        return SandboxSession.run(settings, spec.commandLine().getErr());
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new CommandLine.ParameterException(spec.commandLine(), message);
        }
    }
}
