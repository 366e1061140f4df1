package io.deltaforge.cli.sandbox;

import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaOptions;
import io.deltaforge.sandbox.PostgresOptions;
import io.deltaforge.sandbox.PostgresServer;
import io.deltaforge.sandbox.Shop;
import io.deltaforge.sandbox.ShopDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A Kafka broker with the shop's topics and a PostgreSQL server with its tables. */
public final class SandboxServers implements AutoCloseable {
    private final KafkaCluster kafka;
    private final PostgresServer postgres;
    private final ShopDatabase shop;

    private SandboxServers(KafkaCluster kafka, PostgresServer postgres, ShopDatabase shop) {
        this.kafka = kafka;
        this.postgres = postgres;
        this.shop = shop;
    }

    /**
     * Starts both at the same time.
     *
     * @param kept where their data stays; null for temporary directories
     * @param ready is told which server is ready, on any thread
     */
    public static SandboxServers start(@Nullable Path kept, Consumer<String> ready) {
        CompletableFuture<KafkaCluster> kafka = CompletableFuture.supplyAsync(
                () -> startKafka(kept, ready),
                task -> Thread.ofPlatform().name("start-kafka").start(task));
        PostgresServer postgres = null;
        try {
            postgres = PostgresServer.start(new PostgresOptions(Map.of(), below(kept, "postgres")));
            ShopDatabase shop = ShopDatabase.open(postgres);
            ready.accept("PostgreSQL " + shop.serverVersion());
            return new SandboxServers(kafka.join(), postgres, shop);
        } catch (RuntimeException e) {
            kafka.thenAccept(KafkaCluster::close)
                    .exceptionally(alsoFailed -> null)
                    .join();
            if (postgres != null) {
                postgres.close();
            }
            throw e instanceof CompletionException && e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** The topics that the shop's tables go to. */
    public static List<String> topics() {
        return Shop.TABLES.stream().map(table -> "shop." + table).toList();
    }

    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    public ShopDatabase shop() {
        return shop;
    }

    private static KafkaCluster startKafka(@Nullable Path kept, Consumer<String> ready) {
        KafkaOptions defaults = KafkaOptions.defaults();
        Path directory = below(kept, "kafka");
        KafkaCluster kafka = KafkaCluster.start(directory == null ? defaults : defaults.withDirectory(directory));
        try {
            kafka.createMissingTopics(topics());
            ready.accept("Kafka " + kafka.version());
            return kafka;
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
    }

    private static @Nullable Path below(@Nullable Path kept, String name) {
        return kept == null ? null : kept.resolve(name);
    }

    @Override
    public void close() {
        try {
            kafka.close();
        } finally {
            postgres.close();
        }
    }
}
