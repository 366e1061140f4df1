package io.deltaforge.cli;

import io.deltaforge.BuiltIns;
import io.deltaforge.config.PipelineFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code deltaforge convert}. */
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        description = {
            "Prints a file of the log-capture dialect (sources and sinks at its top) as the pipeline file that it stands"
                    + " for, with every default written out.",
            "Secrets and other $${NAME} stay as they are written, and need not be set. What is printed runs as the file"
                    + " itself does, and has room for more: several sinks, filters, envelopes. Comments are not kept."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deltaforge convert logs.yaml",
            "  deltaforge convert logs.yaml > pipeline.yaml && deltaforge run pipeline.yaml"
        })
final class ConvertCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The file (YAML).")
    private Path file = Path.of("");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        PipelineFiles.Conversion conversion = new PipelineFiles(BuiltIns.all(), System.getenv()).convert(file);
        PrintWriter errors = spec.commandLine().getErr();
        conversion.notes().forEach(note -> errors.println("note: " + note));
        String yaml = conversion.yaml();
        if (yaml == null || !conversion.problems().isEmpty()) {
            PipelineArguments.print(conversion.problems(), errors);
            return ExitCode.CONFIG;
        }
        spec.commandLine().getOut().print(yaml);
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
