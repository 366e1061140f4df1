package io.deltaforge.cli;

import io.deltaforge.config.PipelineConfig;
import io.deltaforge.config.TimeSpan;
import io.deltaforge.server.Address;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code deltaforge run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs pipelines until it is told to stop.",
            "SIGTERM or Ctrl-C: reading stops, what was read is delivered and checkpointed, and the program ends with 0."
                    + " A second one ends it at once; nothing is lost then either, but the last events may come twice."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deltaforge run orders.yaml",
            "  deltaforge run orders.yaml customers.yaml --data-dir /var/lib/deltaforge",
            "  deltaforge run orders.yaml --log-format json --api-addr 0.0.0.0:8080",
            "  curl localhost:8080/health",
            "  curl localhost:8080/pipelines",
            "  curl localhost:9000/metrics"
        })
final class RunCommand implements Callable<Integer> {
    @Mixin
    private PipelineArguments pipelines = new PipelineArguments();

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "./data",
            description = "Where checkpoints are kept; made when it is missing (default: ${DEFAULT-VALUE}). One process"
                    + " at a time.")
    private Path dataDirectory = Path.of("data");

    @Option(
            names = "--api-addr",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8080",
            converter = AddressConverter.class,
            description =
                    "Where GET /health and /pipelines answer (default: ${DEFAULT-VALUE}). 0.0.0.0 is every network"
                            + " of the machine: there is no login.")
    private Address apiAddress = new Address("127.0.0.1", 8080);

    @Option(
            names = "--metrics-addr",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9000",
            converter = AddressConverter.class,
            description = "Where GET /metrics answers Prometheus (default: ${DEFAULT-VALUE}).")
    private Address metricsAddress = new Address("127.0.0.1", 9000);

    @Option(
            names = "--shutdown-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = TimeConverter.class,
            description = "How long to deliver what was read before ending (default: ${DEFAULT-VALUE}). What is left is"
                    + " read again at the next start, where the source can (not standard input and syslog).")
    private Duration shutdownTimeout = Duration.ofSeconds(30);

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (default: ${DEFAULT-VALUE}). Logs go to standard error.")
    private Logs.Format logFormat = Logs.Format.TEXT;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "info",
            description = "error, warn, info, debug or trace (default: ${DEFAULT-VALUE}).")
    private Logs.Threshold logLevel = Logs.Threshold.INFO;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Logs.set(logFormat, logLevel);
        Optional<List<PipelineConfig>> loaded =
                pipelines.load(spec.commandLine().getErr());
        if (loaded.isEmpty()) {
            return ExitCode.CONFIG;
        }
        try (DataDirectory data = DataDirectory.take(dataDirectory)) {
            NativeParts.unpackInto(data.nativeParts());
            try (Run run = Run.start(loaded.get(), data, apiAddress, metricsAddress, shutdownTimeout)) {
                StopSignals.install(run::stop);
                return run.awaitEnd() ? ExitCode.OK : ExitCode.FATAL;
            }
        }
    }

    static final class AddressConverter implements ITypeConverter<Address> {
        @Override
        public Address convert(String text) {
            try {
                return Address.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    static final class TimeConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return TimeSpan.parse(text)
                    .orElseThrow(
                            () -> new TypeConversionException("\"" + text + "\" is no time; write 500ms, 30s or 2m"));
        }
    }
}
