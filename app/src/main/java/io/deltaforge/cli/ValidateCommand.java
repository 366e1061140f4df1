package io.deltaforge.cli;

import io.deltaforge.config.PipelineConfig;
import io.deltaforge.spi.Sink;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code deltaforge validate}. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = {
            "Checks pipeline files without connecting to anything.",
            "Prints every problem with its file, line and key and what to write instead. Environment variables that the"
                    + " files name must be set, as for run."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deltaforge validate orders.yaml                      finds every mistake",
            "  deltaforge validate pipelines/*.yaml && echo all good",
            "  deltaforge validate --explain orders.yaml            what the Kafka producer will run with, and why"
        })
final class ValidateCommand implements Callable<Integer> {
    @Mixin
    private PipelineArguments pipelines = new PipelineArguments();

    @Option(
            names = "--explain",
            description =
                    "Also print what each sink's driver, such as the Kafka producer, will run with: every setting, its"
                            + " value (secrets as ***), and where that comes from: the default of DeltaForge or of Kafka, a"
                            + " setting of the sink, or client_conf and the name used there.")
    private boolean explain;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        Optional<List<PipelineConfig>> loaded =
                pipelines.load(spec.commandLine().getErr());
        if (loaded.isEmpty()) {
            return ExitCode.CONFIG;
        }
        PrintWriter out = spec.commandLine().getOut();
        for (PipelineConfig pipeline : loaded.get()) {
            out.println(pipeline.file() + ": ok, pipeline " + pipeline.name() + ": "
                    + pipeline.source().info().id() + " → "
                    + pipeline.sinks().stream().map(Sink::id).collect(Collectors.joining(", ")));
            if (explain) {
                for (Sink sink : pipeline.sinks()) {
                    sink.effectiveSettings()
                            .ifPresent(settings -> Explanation.of(pipeline.name(), sink.id(), settings)
                                    .forEach(out::println));
                }
            }
        }
        return ExitCode.OK;
    }
}
