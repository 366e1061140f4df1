package io.deltaforge.sandbox;

import java.io.IOException;
import java.util.Random;

/** A JVM with servers, for others to kill: prints the servers' process ids and waits for the end of its input. */
final class SandboxProgram {
    private SandboxProgram() {}

    public static void main(String[] args) throws Exception {
        try (PostgresServer postgres = PostgresServer.start(PostgresOptions.defaults());
                KafkaCluster kafka = KafkaCluster.start()) {
            Shop.createSchema(postgres.connect());
            new ShopWorkload(postgres::connect, new Random(1)).start(50);
            System.out.println("running " + postgres.pid() + " " + kafka.brokerPid(1));
            waitForEnd();
        }
    }

    private static void waitForEnd() throws IOException {
        while (System.in.read() >= 0) {
            // Whatever is said, only the end counts.
        }
    }
}
