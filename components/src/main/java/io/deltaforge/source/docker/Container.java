package io.deltaforge.source.docker;

import io.deltaforge.event.LogStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container as the engine describes it.
 *
 * @param id the beginning of its id, {@value DockerPosition#ID_LENGTH} characters
 * @param name without the slash before it
 * @param tty true when its log is one raw stream, without frames
 */
record Container(String id, String name, String image, Map<String, String> labels, boolean tty, boolean running) {

    /** Of {@code GET /containers/ID/json}. */
    static Container of(@Nullable Object inspected) {
        Object config = Json.member(inspected, "Config");
        Map<String, String> labels = new LinkedHashMap<>();
        if (Json.member(config, "Labels") instanceof Map<?, ?> map) {
            map.forEach((name, value) -> labels.put(String.valueOf(name), value == null ? "" : value.toString()));
        }
        String name = Json.text(inspected, "Name");
        return new Container(
                shortId(Json.text(inspected, "Id")),
                name.startsWith("/") ? name.substring(1) : name,
                Json.text(config, "Image"),
                labels,
                Json.text(config, "Tty").equals("true"),
                Json.text(Json.member(inspected, "State"), "Running").equals("true"));
    }

    static String shortId(String id) {
        return id.length() <= DockerPosition.ID_LENGTH ? id : id.substring(0, DockerPosition.ID_LENGTH);
    }

    /** Where its entries come from: the container, its name, its image, and those of its labels that are wanted. */
    LogStream stream(Map<String, String> ours, NamePattern wanted) {
        Map<String, String> all = new LinkedHashMap<>(ours);
        labels.forEach((label, value) -> {
            if (wanted.matches(label)) {
                all.put(label, value);
            }
        });
        all.put("container_id", id);
        all.put("container", name);
        all.put("image", image);
        return new LogStream(id, name, all, nanos -> DockerPosition.ofLine(id, nanos, 1));
    }
}
