package io.deltaforge.source.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a log's path, and Docker's own file beside it, tell of the container that wrote it. */
final class ContainerPath {
    private static final Pattern KUBERNETES =
            Pattern.compile("(?<pod>[^/_]+)_(?<namespace>[^/_]+)_(?<container>[^/]+)-(?<id>[0-9a-f]{64})\\.log.*");
    private static final Pattern PODS =
            Pattern.compile(".*/pods/(?<namespace>[^/_]+)_(?<pod>[^/_]+)_(?<uid>[^/_]+)/(?<container>[^/]+)/[^/]+");
    private static final Pattern DOCKER =
            Pattern.compile(".*/containers/(?<id>[0-9a-f]{64})/[0-9a-f]{64}-json\\.log.*");

    /** In which Docker's engine keeps what it knows of a container; only root may read it. */
    private static final String DOCKERS_FILE = "config.v2.json";

    private static final JsonMapper JSON = new JsonMapper();

    private ContainerPath() {}

    /**
     * The labels {@code container_id}, {@code container}, {@code pod}, {@code namespace} and {@code image}, as far as they
     * are told.
     */
    static Map<String, String> labels(Path path) {
        Map<String, String> labels = new LinkedHashMap<>();
        Matcher kubernetes = KUBERNETES.matcher(String.valueOf(path.getFileName()));
        if (kubernetes.matches()) {
            labels.put("container_id", kubernetes.group("id"));
            labels.put("container", kubernetes.group("container"));
            labels.put("pod", kubernetes.group("pod"));
            labels.put("namespace", kubernetes.group("namespace"));
            return labels;
        }
        Matcher pods = PODS.matcher(path.toString());
        if (pods.matches()) {
            labels.put("container", pods.group("container"));
            labels.put("pod", pods.group("pod"));
            labels.put("namespace", pods.group("namespace"));
            return labels;
        }
        Matcher docker = DOCKER.matcher(path.toString());
        if (docker.matches()) {
            labels.put("container_id", docker.group("id"));
            labels.putAll(toldByDocker(path.resolveSibling(DOCKERS_FILE)));
        }
        return labels;
    }

    /** Nothing when it cannot be read: the log itself is what matters. */
    private static Map<String, String> toldByDocker(Path file) {
        try {
            JsonNode known = JSON.readTree(Files.readAllBytes(file));
            String name = known.path("Name").asText();
            Map<String, String> labels = new LinkedHashMap<>();
            labels.put("container", name.startsWith("/") ? name.substring(1) : name);
            labels.put("image", known.path("Config").path("Image").asText());
            labels.values().removeIf(String::isEmpty);
            return labels;
        } catch (IOException e) {
            return Map.of();
        }
    }
}
