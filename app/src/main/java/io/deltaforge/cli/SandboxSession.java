package io.deltaforge.cli;

import io.deltaforge.cli.sandbox.SandboxServers;
import io.deltaforge.cli.sandbox.Screen;
import io.deltaforge.cli.sandbox.ShopPipeline;
import io.deltaforge.cli.sandbox.Style;
import io.deltaforge.cli.sandbox.StyledLine;
import io.deltaforge.cli.sandbox.Terminal;
import io.deltaforge.cli.sandbox.Watch;
import io.deltaforge.config.PipelineConfig;
import io.deltaforge.sandbox.SandboxDirectory;
import io.deltaforge.sandbox.ShopDatabase;
import io.deltaforge.sandbox.TopicReader;
import io.deltaforge.server.Address;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * One visit to the sandbox, from the start of its servers to the summary. Confined to one thread; signals arrive on
 * others.
 */
final class SandboxSession {
    private static final Address ANY_PORT = new Address("127.0.0.1", 0);
    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration SLOT_READ_WITHIN = Duration.ofSeconds(30);
    /** How long after the last commit its changes may take to arrive. */
    private static final Duration ARRIVED_WITHIN = Duration.ofSeconds(30);

    private final Settings settings;
    private final PrintWriter errors;
    private final Screen screen;
    private final CountDownLatch stopWanted = new CountDownLatch(1);

    /**
     * What the command line says.
     *
     * @param keep absolute; null for a temporary directory
     * @param rate transactions a second
     * @param length of the trade; null until stopped
     */
    record Settings(
            @Nullable Path keep, double rate, @Nullable Duration length) {}

    private SandboxSession(Settings settings, PrintWriter errors, Screen screen) {
        this.settings = settings;
        this.errors = errors;
        this.screen = screen;
    }

    /** Returns the exit code. */
    static int run(Settings settings, PrintWriter errors) throws InterruptedException {
        Logs.set(Logs.Format.TEXT, Logs.Threshold.WARN);
        Terminal terminal = Terminal.ofStandardOutput(System.getenv());
        PrintStream standardError = System.err;
        try (Screen screen = new Screen(new FileOutputStream(FileDescriptor.out), terminal)) {
            SandboxSession session = new SandboxSession(settings, errors, screen);
            StopSignals.install(session.stopWanted::countDown);
            if (terminal.interactive()) {
                StopSignals.handle("WINCH", () -> screen.resized(Terminal.ofStandardOutput(System.getenv())));
                StopSignals.handle("HUP", session.stopWanted::countDown);
            }
            if (terminal.errorsToo()) {
                System.setErr(screen.lines());
            }
            return session.visit();
        } catch (IllegalStateException | UncheckedIOException e) {
            throw UserError.fatal(String.valueOf(e.getMessage()));
        } finally {
            System.setErr(standardError);
        }
    }

    private int visit() throws InterruptedException {
        Path keep = settings.keep();
        int exitCode;
        screen.line(new StyledLine()
                .add(Style.BOLD, "DeltaForge sandbox")
                .add(": a shop trades in PostgreSQL, its changes arrive in Kafka."));
        try (SandboxDirectory directory = directory(keep);
                DataDirectory data =
                        DataDirectory.take("--keep", directory.path().resolve("data"))) {
            screen.line("");
            screen.status(new StyledLine().add(Style.DIM, "  starting Kafka and PostgreSQL…"));
            try (SandboxServers servers = SandboxServers.start(keep, this::progress)) {
                exitCode = isStopped() ? ExitCode.OK : trade(servers, directory.path(), data);
                screen.status(new StyledLine().add(Style.DIM, "  stopping the servers…"));
            }
        }
        screen.clearStatus();
        screen.line(
                keep == null
                        ? "Stopped; nothing is left behind."
                        : "Stopped; `./deltaforge sandbox --keep " + keep + "` goes on with it.");
        return exitCode;
    }

    private static SandboxDirectory directory(@Nullable Path keep) {
        try {
            return SandboxDirectory.of(keep, "shop");
        } catch (UncheckedIOException e) {
            throw UserError.fatal((keep == null ? "a temporary directory" : "--keep " + keep) + " cannot be created: "
                    + DataDirectory.reason(Objects.requireNonNull(e.getCause())));
        }
    }

    private int trade(SandboxServers servers, Path directory, DataDirectory data) throws InterruptedException {
        ShopPipeline pipeline = ShopPipeline.in(directory, servers);
        Optional<List<PipelineConfig>> configs = PipelineArguments.load(List.of(pipeline.file()), errors);
        if (configs.isEmpty()) {
            return ExitCode.CONFIG;
        }
        ShopDatabase shop = servers.shop();
        try (Run run = Run.start(configs.get(), data, ANY_PORT, ANY_PORT, SHUTDOWN_TIMEOUT);
                TopicReader reader = TopicReader.atEndOf(SandboxServers.topics(), servers.bootstrapServers())) {
            Watch watch = new Watch(shop, reader, screen, Clock.systemUTC(), ZoneId.systemDefault());
            try {
                if (awaitPipeline(shop, run)) {
                    progress("pipeline");
                    screen.clearStatus();
                    printDirections(servers, pipeline, run);
                    shop.startTrade(settings.rate());
                    watch(watch, run);
                }
            } finally {
                run.stop();
                run.awaitEnd();
            }
            return summarise(watch, run);
        }
    }

    /** False when the pipeline or the user gave up. */
    private boolean awaitPipeline(ShopDatabase shop, Run run) {
        screen.status(new StyledLine().add(Style.DIM, "  starting the pipeline…"));
        long deadlineNanos = System.nanoTime() + SLOT_READ_WITHIN.toNanos();
        while (!run.hasEnded() && !isStopped()) {
            if (shop.awaitReaderOf(ShopPipeline.SLOT, Duration.ofMillis(200))) {
                return true;
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new IllegalStateException(
                        "the pipeline has not read from its slot for " + SLOT_READ_WITHIN.toSeconds() + " s"
                                + run.trouble().map(reason -> ": " + reason).orElse(""));
            }
        }
        return false;
    }

    private void watch(Watch watch, Run run) {
        Duration length = settings.length();
        long endNanos = length == null ? Long.MAX_VALUE : System.nanoTime() + length.toNanos();
        while (!isStopped() && !run.hasEnded() && System.nanoTime() < endNanos) {
            watch.step(run.trouble());
        }
        watch.endTrade();
        long deadlineNanos = System.nanoTime() + ARRIVED_WITHIN.toNanos();
        while (!watch.isComplete() && !run.hasEnded() && System.nanoTime() < deadlineNanos) {
            watch.step(run.trouble());
        }
        screen.clearStatus();
    }

    private int summarise(Watch watch, Run run) {
        screen.line("");
        watch.summary().forEach(screen::line);
        run.trouble()
                .ifPresent(reason -> screen.line(
                        new StyledLine().add(Style.RED, "pipeline   ").add(reason)));
        return watch.isComplete() ? ExitCode.OK : ExitCode.FATAL;
    }

    private boolean isStopped() {
        return stopWanted.getCount() == 0 || screen.isBroken();
    }

    /** @param ready what is ready now */
    private void progress(String ready) {
        double seconds = (System.currentTimeMillis()
                        - ManagementFactory.getRuntimeMXBean().getStartTime())
                / 1000.0;
        screen.line(new StyledLine()
                .add("  " + ready)
                .padTo(20)
                .add(Style.DIM, String.format(Locale.ROOT, "ready after %4.1f s", seconds)));
    }

    private void printDirections(SandboxServers servers, ShopPipeline pipeline, Run run) {
        String brokers = servers.bootstrapServers();
        String psql = "psql '" + servers.shop().dsn() + "'";
        screen.line("");
        direction("Kafka", brokers);
        direction("JDBC", servers.shop().jdbcUrl());
        direction("pipeline", pipeline.file().toString());
        if (!pipeline.replacedTo().equals(pipeline.file())) {
            direction("", "(the servers' ports changed; yours is now " + pipeline.replacedTo() + ")");
        }
        screen.line("");
        screen.line("Paste into another terminal:");
        for (String command : List.of(
                psql,
                psql + " -c 'UPDATE customers SET vip = NOT vip WHERE id = 1'",
                "kcat -C -b " + brokers + " -t shop.orders -f '%k %s\\n'",
                "curl http://" + run.apiAddress() + "/health",
                "curl -s http://" + run.metricsAddress() + "/metrics | grep ^deltaforge")) {
            screen.line(new StyledLine().add("  ").add(Style.CYAN, command));
        }
        screen.line("Ctrl-C stops all of it" + (settings.keep() == null ? " and removes it." : " and keeps its data."));
        screen.line("");
    }

    private void direction(String what, String where) {
        screen.line(new StyledLine().add("  " + what).padTo(12).add(where));
    }
}
