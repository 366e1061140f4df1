package io.deltaforge.source.docker;

import io.deltaforge.spi.Setting;
import java.util.List;
import java.util.Map;

/** The settings of {@code type: docker}. */
public record DockerSourceConfig(
        @Setting(doc = "Name of the source in events, metrics and logs.", value = "docker")
        String id,

        @Setting(
                doc =
                        "The engine's unix socket. Whoever may open it is as good as root: give it read-only through a socket"
                                + " proxy where that matters.",
                value = "/var/run/docker.sock")
        String socket,

        @Setting(doc = "Names of the containers to read; `*` stands for any characters.", value = "[\"*\"]")
        List<String> containers,

        @Setting(doc = "Names of containers to leave out.", value = "[]")
        List<String> excludeContainers,

        @Setting(
                doc = "Only containers with all of these labels; `*` in a value stands for any characters.",
                value = "{}")
        Map<String, String> withLabels,

        @Setting(doc = "Without containers that have one of these labels.", value = "{}")
        Map<String, String> withoutLabels,

        @Setting(
                doc = "Names of containers' labels that every entry gets as its own; `*` stands for any characters.",
                value = "[\"com.docker.compose.project\", \"com.docker.compose.service\", \"io.kubernetes.pod.name\","
                        + " \"io.kubernetes.pod.namespace\", \"io.kubernetes.container.name\"]")
        List<String> includeLabels,

        @Setting(
                doc =
                        "Where to begin without a checkpoint, with the containers that run: beginning, with all that the"
                                + " engine keeps of them, or end, from now on. What is started later is read from its beginning.",
                value = "beginning")
        ReadFrom readFrom,

        @Setting(
                doc = "Most bytes of a line. Of a longer one the beginning is delivered, marked as truncated.",
                value = "262144")
        int maxLineBytes,

        @Setting(doc = "Labels that every entry gets.", value = "{}")
        Map<String, String> labels) {

    /** Where to begin. */
    public enum ReadFrom {
        BEGINNING,
        END
    }

    public DockerSourceConfig {
        containers = List.copyOf(containers);
        excludeContainers = List.copyOf(excludeContainers);
        withLabels = Map.copyOf(withLabels);
        withoutLabels = Map.copyOf(withoutLabels);
        includeLabels = List.copyOf(includeLabels);
        labels = Map.copyOf(labels);
        require(!id.isBlank(), "id must not be empty");
        require(!socket.isBlank(), "socket must name the engine's socket, e.g. /var/run/docker.sock");
        require(!containers.isEmpty(), "containers must name some, e.g. [\"*\"]");
        require(
                maxLineBytes >= 64 && maxLineBytes <= 16 << 20,
                "max_line_bytes must be between 64 and 16777216, but is " + maxLineBytes);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
