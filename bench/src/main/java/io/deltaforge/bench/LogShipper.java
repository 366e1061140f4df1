package io.deltaforge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Something that brings a log file to Kafka: ours in several ways, and what else is installed. */
enum LogShipper {
    KCAT("kcat", "kcat -P -l: reads once and ends, so it is the limit and no log shipper"),
    DELTAFORGE_RAW("", "DeltaForge, the lines as they are"),
    DELTAFORGE_HASH("", "DeltaForge, key and partition by the field tenant_id"),
    DELTAFORGE_LEVEL("", "DeltaForge, topic by the line's level"),
    SYSLOG_NG("syslog-ng", "syslog-ng, file() to kafka-c()"),
    RSYSLOG("rsyslogd", "rsyslog, imfile to omkafka");

    private final String program;
    private final String what;

    LogShipper(String program, String what) {
        this.program = program;
        this.what = what;
    }

    String what() {
        return what;
    }

    boolean isOurs() {
        return program.isEmpty();
    }

    boolean isInstalled() {
        return isOurs() || found().isPresent();
    }

    private Optional<Path> found() {
        List<String> folders = new ArrayList<>(
                List.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":")));
        folders.addAll(List.of("/usr/local/sbin", "/usr/sbin", "/sbin"));
        for (String folder : folders) {
            Path candidate = Path.of(folder, program);
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** The command of the process to be measured; its files go into the directory. */
    List<String> command(Path file, Path directory, String brokers, String topic) throws IOException {
        return switch (this) {
            case KCAT ->
                List.of(found().orElseThrow().toString(), "-P", "-b", brokers, "-t", topic, "-l", file.toString());
            case SYSLOG_NG ->
                syslogNg(
                        "file(\"%s\" flags(no-parse) follow-freq(1) log-fetch-limit(10000) log-iw-size(200000));"
                                .formatted(file),
                        directory,
                        brokers,
                        topic);
            case RSYSLOG -> rsyslog(file, directory, brokers, topic);
            default -> throw new IllegalStateException(this + " is run by its launcher");
        };
    }

    /** Our pipeline file in the directory. */
    Path pipeline(Path file, Path directory, String brokers, String topic, String compression) throws IOException {
        String more = switch (this) {
            case DELTAFORGE_HASH -> """
                            partitioning: {enabled: true, strategy: hash, key_field: tenant_id}
                    """.indent(0);
            case DELTAFORGE_LEVEL -> """
                            routing:
                              by_level:
                                error: "{topic}-high-priority"
                                fatal: "{topic}-high-priority"
                                critical: "{topic}-high-priority"
                                debug: "{topic}-low-priority"
                                trace: "{topic}-low-priority"
                    """.indent(0);
            default -> "";
        };
        String source = """
                    type: logs
                    config:
                      id: files
                      include: ["%s"]
                """.formatted(file).indent(0);
        String sink = more + "        client_conf: {compression.type: %s}\n".formatted(compression);
        return pipeline(source, sink, directory, brokers, topic);
    }

    /**
     * A pipeline file of ours in the directory, with the lines as they are.
     *
     * @param source below {@code source}, and {@code sink} below the sink's {@code config}, indented
     */
    static Path pipeline(String source, String sink, Path directory, String brokers, String topic) throws IOException {
        String yaml = """
                apiVersion: deltaforge/v1
                kind: Pipeline
                metadata:
                  name: bench-logs
                spec:
                  source:
                %s
                  sinks:
                    - type: kafka
                      config:
                        id: kafka
                        brokers: %s
                        topic: %s
                        envelope: raw
                """.formatted(source.stripTrailing(), brokers, topic);
        return Files.writeString(directory.resolve("logs.yaml"), yaml + sink);
    }

    /** @param source as syslog-ng writes it */
    static List<String> syslogNg(String source, Path directory, String brokers, String topic) throws IOException {
        Path conf = Files.writeString(directory.resolve("syslog-ng.conf"), """
                @version: 3.35
                options { stats-freq(0); };
                source s { %s };
                destination d {
                  kafka-c(topic("%s") bootstrap-servers("%s") message("$MSG") workers(1));
                };
                log { source(s); destination(d); flags(flow-control); };
                """.formatted(source, topic, brokers));
        return List.of(
                SYSLOG_NG.found().orElseThrow().toString(),
                "-F",
                "--no-caps",
                "-f",
                conf.toString(),
                "-R",
                directory.resolve("persist").toString(),
                "-p",
                directory.resolve("pid").toString(),
                "-c",
                directory.resolve("control").toString());
    }

    private List<String> rsyslog(Path file, Path directory, String brokers, String topic) throws IOException {
        Path conf =
                Files.writeString(directory.resolve("rsyslog.conf"), """
                global(workDirectory="%s")
                module(load="imfile" mode="inotify")
                module(load="omkafka")
                template(name="line" type="string" string="%%msg%%")
                input(type="imfile" File="%s" Tag="bench" ruleset="kafka")
                ruleset(name="kafka" queue.type="FixedArray" queue.size="100000" queue.dequeueBatchSize="2048") {
                  action(type="omkafka" broker=["%s"] topic="%s" template="line" partitions.auto="on"
                         confParam=["queue.buffering.max.messages=100000"])
                }
                """.formatted(directory, file, brokers, topic));
        return List.of(
                found().orElseThrow().toString(),
                "-n",
                "-f",
                conf.toString(),
                "-i",
                directory.resolve("pid").toString());
    }
}
