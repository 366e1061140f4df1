package io.deltaforge.cli;

import io.deltaforge.BuiltIns;
import io.deltaforge.config.JsonSchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code deltaforge schema}. */
@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = "Prints the JSON Schema of pipeline files, with which editors complete and check them.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  deltaforge schema > deltaforge.schema.json",
            "  and as the first line of a pipeline file, for editors with yaml-language-server:",
            "  # yaml-language-server: $schema=deltaforge.schema.json"
        })
final class SchemaCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(JsonSchema.of(BuiltIns.all()));
        return ExitCode.OK;
    }
}
