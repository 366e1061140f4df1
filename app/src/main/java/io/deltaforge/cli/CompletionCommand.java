package io.deltaforge.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code deltaforge completion}. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Prints a script that makes bash and zsh complete DeltaForge's commands and options.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(deltaforge completion)                                  this shell",
            "  deltaforge completion > /etc/bash_completion.d/deltaforge        every bash"
        })
final class CompletionCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine program = spec.root().commandLine();
        spec.commandLine().getOut().println(AutoComplete.bash(program.getCommandName(), program));
        return ExitCode.OK;
    }
}
