package io.deltaforge.source.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.deltaforge.event.LogStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A container as the engine describes it.
 *
 * @param id the beginning of its id, {@value DockerPosition#ID_LENGTH} characters
 * @param name without the slash before it
 * @param tty true when its log is one raw stream, without frames
 * @param running true while it waits to be restarted by its policy too
 * @param restarting true while it does
 * @param startedAt when its last run began
 */
record Container(
        String id,
        String name,
        String image,
        Map<String, String> labels,
        boolean tty,
        boolean running,
        boolean restarting,
        String startedAt) {

    /** Of {@code GET /containers/ID/json}. */
    static Container of(JsonNode inspected) {
        JsonNode config = inspected.path("Config");
        Map<String, String> labels = new LinkedHashMap<>();
        config.path("Labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText("")));
        String name = inspected.path("Name").asText();
        return new Container(
                shortId(inspected.path("Id").asText()),
                name.startsWith("/") ? name.substring(1) : name,
                config.path("Image").asText(),
                labels,
                config.path("Tty").asBoolean(),
                inspected.path("State").path("Running").asBoolean(),
                inspected.path("State").path("Restarting").asBoolean(),
                inspected.path("State").path("StartedAt").asText());
    }

    static String shortId(String id) {
        return id.length() <= DockerPosition.ID_LENGTH ? id : id.substring(0, DockerPosition.ID_LENGTH);
    }

    /** Where its entries come from: the container, its name, its image, and those of its labels that are wanted. */
    LogStream stream(Map<String, String> ours, NamePattern wanted, boolean stderr) {
        Map<String, String> all = new LinkedHashMap<>(ours);
        labels.forEach((label, value) -> {
            if (wanted.matches(label)) {
                all.put(label, value);
            }
        });
        all.put("container_id", id);
        all.put("container", name);
        all.put("image", image);
        String log = DockerPosition.log(id, stderr);
        return new LogStream(log, name, all, nanos -> DockerPosition.ofLine(log, nanos, 1));
    }
}
