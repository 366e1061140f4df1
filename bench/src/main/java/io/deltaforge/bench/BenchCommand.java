package io.deltaforge.bench;

import io.deltaforge.cli.ExtraCommand;
import picocli.CommandLine.Command;

/** {@code deltaforge bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures DeltaForge on real servers, beside what those servers can do at most.",
        subcommands = {
            DrainCommand.class,
            LatencyCommand.class,
            LogsCommand.class,
            FilesCommand.class,
            PushCommand.class,
            SoakCommand.class,
            CodecCommand.class
        })
public final class BenchCommand implements ExtraCommand {}
