package io.deltaforge.source.logs;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a path tells of the container whose log lies there. */
final class ContainerPath {
    private static final Pattern KUBERNETES =
            Pattern.compile("(?<pod>[^/_]+)_(?<namespace>[^/_]+)_(?<container>[^/]+)-(?<id>[0-9a-f]{64})\\.log.*");
    private static final Pattern PODS =
            Pattern.compile(".*/pods/(?<namespace>[^/_]+)_(?<pod>[^/_]+)_(?<uid>[^/_]+)/(?<container>[^/]+)/[^/]+");
    private static final Pattern DOCKER =
            Pattern.compile(".*/containers/(?<id>[0-9a-f]{64})/[0-9a-f]{64}-json\\.log.*");

    private ContainerPath() {}

    /** The labels {@code container_id}, {@code container}, {@code pod} and {@code namespace}, as far as the path has them. */
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
        }
        return labels;
    }
}
