package io.deltaforge.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Prints what the programs of a failed test logged, as it is in the end. Found by JUnit itself; tests run one at a time. */
public final class LogsOfFailures implements BeforeTestExecutionCallback, AfterTestExecutionCallback {
    private static final int LAST_LINES = 400;
    private static final Set<Path> LOGS = new LinkedHashSet<>();

    static synchronized void started(Path log) {
        LOGS.add(log);
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        synchronized (LogsOfFailures.class) {
            LOGS.clear();
        }
    }

    @Override
    public void afterTestExecution(ExtensionContext context) throws IOException {
        if (context.getExecutionException().isEmpty()) {
            return;
        }
        synchronized (LogsOfFailures.class) {
            for (Path log : LOGS) {
                List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
                System.out.println("── what " + log + " holds in the end (" + lines.size() + " lines)");
                lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())
                        .forEach(System.out::println);
            }
        }
    }
}
