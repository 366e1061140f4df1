package io.deltaforge.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code deltaforge version}. */
@Command(
        name = "version",
        mixinStandardHelpOptions = true,
        description = "Prints the version of DeltaForge and of Java.")
final class VersionCommand implements Callable<Integer>, CommandLine.IVersionProvider {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        for (String line : getVersion()) {
            spec.commandLine().getOut().println(line);
        }
        return ExitCode.OK;
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "deltaforge " + number(),
            "Java " + Runtime.version() + " (" + System.getProperty("java.vm.vendor") + "), "
                    + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }

    /** As the build wrote it into the jar's manifest. */
    static String number() {
        return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                .orElse("(from classes, without a version)");
    }
}
