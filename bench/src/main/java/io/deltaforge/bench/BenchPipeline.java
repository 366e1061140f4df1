package io.deltaforge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The pipeline under test, from one table to one topic. */
record BenchPipeline(Servers servers, String slot, String publication, String table, String topic, String envelope) {

    /** Writes the pipeline file into the directory. */
    Path write(Recipe recipe, Path directory) throws IOException {
        String yaml = """
                apiVersion: deltaforge/v1
                kind: Pipeline
                metadata:
                  name: bench-%1$s
                spec:
                  source:
                    type: postgres
                    config:
                      id: bench
                      dsn: %2$s
                      slot: %1$s
                      publication: %3$s
                      tables: [%4$s]
                  sinks:
                    - type: kafka
                      config:
                        id: kafka
                        brokers: %5$s
                        topic: %6$s
                        envelope:
                          type: %7$s
                """.formatted(slot, servers.dsn, publication, table, servers.brokers, topic, envelope);
        return Files.writeString(directory.resolve("bench.yaml"), yaml + recipe.sink() + recipe.spec());
    }
}
