package io.deltaforge.cli.sandbox;

import io.deltaforge.sandbox.Shop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The sandbox's pipeline file.
 *
 * @param replacedTo where a file went that named other servers; equal to {@code file} when there was none
 */
public record ShopPipeline(Path file, Path replacedTo) {
    /** The slot that the file names. */
    public static final String SLOT = "shop";

    private static final String NAME = "shop.yaml";

    /** Writes the file, or leaves one as it is that names these servers: its reader may have changed the rest. */
    public static ShopPipeline in(Path directory, SandboxServers servers) {
        Path file = directory.resolve(NAME);
        Path replacedTo = file;
        try {
            if (Files.exists(file)) {
                String text = Files.readString(file);
                if (text.contains(servers.shop().dsn()) && text.contains(servers.bootstrapServers())) {
                    return new ShopPipeline(file, file);
                }
                replacedTo = directory.resolve(NAME + ".old");
                Files.move(file, replacedTo, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.writeString(file, text(servers));
            return new ShopPipeline(file, replacedTo);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static String text(SandboxServers servers) {
        return """
                # The pipeline of `./deltaforge sandbox`. To run a copy beside it, give the copy a name, a slot and a
                # topic of its own, and then: ./deltaforge run copy.yaml --api-addr 127.0.0.1:8080
                apiVersion: deltaforge/v1
                kind: Pipeline
                metadata:
                  name: shop
                spec:
                  source:
                    type: postgres
                    config:
                      id: shop-db
                      dsn: %s
                      slot: %s
                      publication: shop
                      tables:
                %s  sinks:
                    - type: kafka
                      config:
                        id: shop-kafka
                        brokers: %s
                        topic: shop.${source.table}
                        envelope:
                          type: native
                """.formatted(servers.shop().dsn(), SLOT, tables(), servers.bootstrapServers());
    }

    private static String tables() {
        StringBuilder lines = new StringBuilder();
        Shop.TABLES.forEach(
                table -> lines.append("        - public.").append(table).append('\n'));
        return lines.toString();
    }
}
