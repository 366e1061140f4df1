package io.deltaforge.cli;

import java.io.PrintWriter;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;

/** The program {@code deltaforge}. */
@Command(
        name = "deltaforge",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        description = "Carries database changes and logs into Apache Kafka, and loses nothing on the way.",
        subcommands = {
            RunCommand.class,
            ValidateCommand.class,
            ConvertCommand.class,
            DlqCommand.class,
            SchemaCommand.class,
            CompletionCommand.class,
            VersionCommand.class,
            TrainCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deltaforge sandbox                   shows it at work on servers of its own",
            "  deltaforge validate orders.yaml      finds every mistake in a pipeline file",
            "  deltaforge run orders.yaml           runs it until Ctrl-C",
            "  deltaforge dlq list --pipeline P     events that could not be delivered",
            "  deltaforge run --help                what else can be set, with more examples"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ended as asked",
            "1:a pipeline or the program cannot go on",
            "2:a file or an option is wrong; nothing was started"
        })
public final class Main {
    /** A class that is on the class path of the command {@code sandbox} and not on that of {@code run}. */
    private static final String SANDBOX_MODULE = "/io/deltaforge/sandbox/Shop.class";

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The program as tests run it. */
    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main());
        if (Main.class.getResource(SANDBOX_MODULE) != null) {
            commandLine.addSubcommand(new SandboxCommand());
        }
        for (ExtraCommand command : ServiceLoader.load(ExtraCommand.class)) {
            commandLine.addSubcommand(command);
        }
        return commandLine
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpLongOptionsMaxWidth(32)
                .setExecutionStrategy(Main::runOrShowHelp)
                .setParameterExceptionHandler(Main::reportUsage)
                .setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command));
    }

    private static int runOrShowHelp(CommandLine.ParseResult parsed) {
        CommandLine chosen = parsed.asCommandLineList().getLast();
        boolean isGroup = !chosen.getSubcommands().isEmpty() && !(chosen.getCommand() instanceof Runnable);
        if (isGroup && !chosen.isUsageHelpRequested() && !chosen.isVersionHelpRequested()) {
            chosen.usage(chosen.getOut());
            return parsed.hasSubcommand() || !parsed.expandedArgs().isEmpty() ? ExitCode.CONFIG : ExitCode.OK;
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static int reportUsage(CommandLine.ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        PrintWriter out = command.getErr();
        out.println(error(String.valueOf(mistake.getMessage())));
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(mistake, out)) {
            out.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return ExitCode.CONFIG;
    }

    private static int report(Exception failure, CommandLine command) {
        PrintWriter out = command.getErr();
        if (failure instanceof UserError mistake) {
            out.println(error(String.valueOf(mistake.getMessage())));
            return mistake.exitCode();
        }
        out.println(error("a bug in DeltaForge; please report what follows"));
        failure.printStackTrace(out);
        return ExitCode.FATAL;
    }

    private static String error(String message) {
        return Ansi.AUTO.string("@|bold,red deltaforge:|@ ") + message;
    }
}
