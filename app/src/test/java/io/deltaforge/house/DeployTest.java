package io.deltaforge.house;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.deltaforge.BuiltIns;
import io.deltaforge.config.PipelineFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What lies in {@code deploy} is what its readers take. LogCaptureIT holds its metrics against a running instance. */
final class DeployTest {
    private static final Path DEPLOY = Repository.root().resolve("deploy");

    @Test
    void thePagesAlertsAreThere() throws IOException {
        JsonNode groups = yaml("prometheus/alerts.yml").get("groups");

        Map<String, String> expressions = new TreeMap<>();
        groups.forEach(group -> group.get("rules")
                .forEach(rule -> expressions.put(
                        rule.get("alert").asText(), rule.get("expr").asText())));

        assertThat(expressions)
                .containsEntry(
                        "KafkaHighErrorRate",
                        "rate(log_capturer_logs_sent_total{sink=\"kafka\",status=\"error\"}[5m]) > 100")
                .containsEntry("KafkaQueueNearFull", "log_capturer_kafka_queue_utilization > 0.90")
                .containsEntry("KafkaCircuitBreakerOpen", "log_capturer_kafka_circuit_breaker_state == 1")
                .containsKeys(
                        "DeltaForgePipelineNotRunning",
                        "DeltaForgeSinkLag",
                        "DeltaForgeCheckpointStuck",
                        "DeltaForgeDeadLettersGrow");
    }

    @Test
    void prometheusTakesTheAlerts() throws Exception {
        assumeTrue(isInstalled("promtool"), "promtool is not installed");

        Process promtool = new ProcessBuilder(
                        "promtool",
                        "check",
                        "rules",
                        DEPLOY.resolve("prometheus/alerts.yml").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), UTF_8);

        assertThat(promtool.waitFor()).as(said).isZero();
    }

    @Test
    void theDashboardHasThePagesPanels() throws IOException {
        JsonNode dashboard = new ObjectMapper()
                .readTree(DEPLOY.resolve("grafana/kafka-monitoring.json").toFile());

        List<String> titles = new ArrayList<>();
        dashboard.get("panels").forEach(panel -> titles.add(panel.get("title").asText()));

        assertThat(titles)
                .contains(
                        "Message throughput",
                        "Error rate",
                        "Queue utilization",
                        "Batch size",
                        "Latency (P50, P95, P99)",
                        "Circuit breaker state",
                        "Compression ratio",
                        "Lag",
                        "Dead letters",
                        "Pressure");
    }

    @Test
    void composeRunsAFileThatLoads() throws IOException {
        JsonNode services = yaml("docker-compose.yml").get("services");

        assertThat(services.get("deltaforge").get("command").get(1).asText()).isEqualTo("/etc/deltaforge/logs.yaml");
        JsonNode kafka = services.get("kafka");
        assertThat(kafka.get("environment").has("KAFKA_PROCESS_ROLES")).isTrue();
        assertThat(kafka.get("volumes").get(0).asText())
                .isEqualTo("kafka-data:"
                        + kafka.get("environment").get("KAFKA_LOG_DIRS").asText());
        assertThat(services.has("zookeeper")).isFalse();
        assertThat(new PipelineFiles(BuiltIns.shipped(), Map.of())
                        .load(List.of(DEPLOY.resolve("logs.yaml")))
                        .problems())
                .isEmpty();
    }

    @Test
    void theServiceHasNoMoreRightsThanItNeeds() throws IOException {
        assertThat(Files.readAllLines(DEPLOY.resolve("systemd/deltaforge.service")))
                .contains(
                        "User=deltaforge",
                        "NoNewPrivileges=yes",
                        "ProtectSystem=strict",
                        "StateDirectory=deltaforge",
                        "CapabilityBoundingSet=");
    }

    /** systemd looks at the status of the main process alone: whatever else fails is tried again, up to the limit. */
    @Test
    void theServiceIsNotStartedAgainWithAWrongFile() throws IOException {
        assertThat(Files.readAllLines(DEPLOY.resolve("systemd/deltaforge.service")))
                .contains("RestartPreventExitStatus=2")
                .noneMatch(line -> line.startsWith("ExecStartPre") || line.startsWith("ExecCondition"));
    }

    private static JsonNode yaml(String file) throws IOException {
        return new ObjectMapper(new YAMLFactory()).readTree(DEPLOY.resolve(file).toFile());
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
