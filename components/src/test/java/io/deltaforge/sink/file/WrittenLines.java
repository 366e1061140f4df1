package io.deltaforge.sink.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.zip.GZIPInputStream;

/** Reads files as their consumers do. */
final class WrittenLines {
    private static final ObjectMapper JSON = new ObjectMapper();

    private WrittenLines() {}

    /** The ids of the rows in a file; fails when a line is not whole. */
    static List<Integer> ids(String name, byte[] bytes) {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode line : read(name, bytes)) {
            ids.add(line.at("/after/id").asInt());
        }
        return ids;
    }

    /** All rows of all files in the order of their names, which is the order of their events. */
    static List<Integer> ids(SortedMap<String, byte[]> files) {
        List<Integer> ids = new ArrayList<>();
        files.forEach((name, bytes) -> ids.addAll(ids(name, bytes)));
        return ids;
    }

    static List<JsonNode> read(String name, byte[] bytes) {
        try (InputStream in = decompressed(name, new ByteArrayInputStream(bytes))) {
            String text = new String(in.readAllBytes(), UTF_8);
            if (!text.isEmpty() && !text.endsWith("\n")) {
                throw new AssertionError(name + " ends within a line: " + text);
            }
            List<JsonNode> lines = new ArrayList<>();
            for (String line : text.lines().toList()) {
                lines.add(JSON.readTree(line));
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    private static InputStream decompressed(String name, InputStream in) throws IOException {
        if (name.contains(".gz")) {
            return new GZIPInputStream(in);
        }
        return name.contains(".zst") ? new ZstdInputStream(in) : in;
    }
}
