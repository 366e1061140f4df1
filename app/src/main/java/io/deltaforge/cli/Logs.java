package io.deltaforge.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Help.Ansi;

/**
 * Sends logs to standard error, set up in code: reading an XML file would cost a tenth of the start-up. Found by Logback as
 * a service, so that nothing is logged in another shape before {@link #set}.
 */
public final class Logs extends ContextAwareBase implements Configurator {

    /** How a line looks. */
    enum Format {
        TEXT,
        JSON
    }

    /** The least that is logged. */
    enum Threshold {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    /** Libraries whose INFO is about themselves; they follow the threshold only upwards and from DEBUG on. */
    private static final List<String> CHATTY =
            List.of("org.apache.kafka", "org.eclipse.jetty", "io.javalin", "org.postgresql");

    /** Warn at each attempt to connect, each second while a broker is away; the engine says once what it means. */
    private static final List<String> REPETITIVE = List.of(
            "org.apache.kafka.clients.NetworkClient",
            "org.apache.kafka.clients.ClientUtils",
            "org.apache.kafka.clients.admin.internals.AdminMetadataManager");

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        set(context, Format.TEXT, Threshold.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    static void set(Format format, Threshold threshold) {
        set((LoggerContext) LoggerFactory.getILoggerFactory(), format, threshold);
    }

    private static void set(LoggerContext context, Format format, Threshold threshold) {
        Encoder<ILoggingEvent> encoder = switch (format) {
            case TEXT -> new TextLines(standardErrorIsTerminal());
            case JSON -> new JsonLines();
        };
        encoder.setContext(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget(ConsoleTarget.SystemErr.getName());
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
        Level level = Level.valueOf(threshold.name());
        root.setLevel(level);
        for (String library : CHATTY) {
            context.getLogger(library).setLevel(libraryLevel(level));
        }
        for (String logger : REPETITIVE) {
            context.getLogger(logger).setLevel(level.isGreaterOrEqual(Level.INFO) ? Level.ERROR : null);
        }
    }

    private static Level libraryLevel(Level level) {
        if (level.isGreaterOrEqual(Level.WARN)) {
            return level;
        }
        return level == Level.INFO ? Level.WARN : Level.INFO;
    }

    private static boolean standardErrorIsTerminal() {
        if (System.getenv("NO_COLOR") != null) {
            return false;
        }
        try {
            String file = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return Ansi.AUTO.enabled(); // no /proc here
        }
    }
}
