package io.deltaforge.floorplan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Code that breaks each rule of the floor plan once, below the root package {@code planted}. */
final class PlantedCode {
    static final String ROOT = "planted";

    /** A rule's name to the class that breaks it. */
    private final Map<String, Culprit> culprits = new LinkedHashMap<>();

    PlantedCode() {
        field("every package is in the plan", "attic", "int dust");
        field("imports of event", "event", "planted.spi.Other up");
        field("imports of spi", "spi", "planted.engine.Other up");
        field("imports of checkpoint", "checkpoint", "planted.engine.Other up");
        field("imports of reliability", "reliability", "planted.checkpoint.Other beside");
        field("imports of engine", "engine", "planted.server.Other up");
        field("imports of config", "config", "planted.sink.one.Other down");
        field("imports of server", "server", "planted.sink.one.Other down");
        field("imports of cli", "cli", "planted.sink.one.Other down");
        field("imports of sandbox", "sandbox", "planted.engine.Other up");
        field("imports of source", "source.one", "planted.engine.Other up");
        field("imports of processor", "processor.one", "planted.source.one.Other beside");
        field("imports of envelope", "envelope.one", "planted.encoding.one.Other[] beside");
        field("imports of encoding", "encoding.one", "planted.envelope.one.Other beside");
        field("imports of sink", "sink.one", "planted.sink.two.Other beside");
        field("only BuiltIns names components", "", "planted.sink.one.Other sink");
        field("event needs the JDK only", "event", "org.slf4j.Logger log");
        field("no cycles between packages", "engine", "planted.checkpoint.Other below");
        field("users of org.postgresql", "engine", "org.postgresql.PGConnection connection");
        field("users of org.apache.kafka", "engine", "org.apache.kafka.common.TopicPartition partition");
        field("users of org.sqlite", "engine", "org.sqlite.SQLiteConfig config");
        field("users of com.github.luben.zstd", "engine", "com.github.luben.zstd.ZstdInputStream in");
        field("users of java.sql", "engine", "java.sql.Connection connection");
        field("users of java.net.http", "engine", "java.net.http.HttpClient client");
        field("users of com.sun.net.httpserver", "engine", "com.sun.net.httpserver.HttpServer server");
        field("users of io.javalin", "cli", "io.javalin.http.Handler handler");
        field("users of org.eclipse.jetty", "cli", "org.eclipse.jetty.server.Handler handler");
        field("users of jakarta.servlet", "cli", "jakarta.servlet.Servlet servlet");
        field("users of io.micrometer", "sink.one", "io.micrometer.core.instrument.MeterRegistry registry");
        field("users of com.fasterxml.jackson", "sink.one", "com.fasterxml.jackson.databind.JsonNode tree");
        field("users of picocli", "server", "picocli.CommandLine line");
        field("users of dev.failsafe", "engine", "dev.failsafe.CircuitBreaker<?> breaker");
        field("packages are null-marked", "spi", "Object perhaps");
        plant("names say what", "engine", "BatchHelper", "public class BatchHelper {}");
        plant("no abstract class", "engine", "Shape", "public abstract class Shape {}");
        plant(
                "System.out belongs to the command line",
                "engine",
                "Loud",
                "public class Loud { void shout() { System.out.println(); } }");
        plant(
                "no stream on the hot path",
                "sink.one",
                "SlowSink",
                "public class SlowSink { java.util.stream.Stream<?> stream; }");
        for (String name : List.of(
                "spi", "engine", "server", "sink.one", "sink.two", "source.one", "envelope.one", "encoding.one")) {
            plant("target in " + name, name, "Other", "public class Other {}");
        }
        plant("target in checkpoint", "checkpoint", "Other", "public class Other { planted.engine.Other back; }");
    }

    /** The class that breaks the rule. */
    Culprit culprit(String rule) {
        assertThat(culprits).as("planted code for the rule").containsKey(rule);
        return culprits.get(rule);
    }

    /** Compiles everything into the directory. */
    void compile(Path directory) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<Path> sources = new ArrayList<>();
            for (Culprit culprit : culprits.values()) {
                Path folder = Files.createDirectories(
                        directory.resolve(culprit.packageName().replace('.', '/')));
                sources.add(Files.writeString(folder.resolve(culprit.className() + ".java"), culprit.source()));
            }
            List<String> options =
                    List.of("-d", directory.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
            boolean compiled = compiler.getTask(
                            said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
    }

    private void field(String rule, String name, String field) {
        String className = "Culprit" + culprits.size();
        plant(rule, name, className, "public class " + className + " { " + field + "; }");
    }

    private void plant(String rule, String name, String className, String code) {
        String packageName = name.isEmpty() ? ROOT : ROOT + "." + name;
        culprits.put(rule, new Culprit(packageName, className, "package " + packageName + ";\n" + code));
    }

    /** One class with its source. */
    record Culprit(String packageName, String className, String source) {
        String qualifiedName() {
            return packageName + "." + className;
        }
    }
}
