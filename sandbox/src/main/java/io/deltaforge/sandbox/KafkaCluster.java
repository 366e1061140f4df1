package io.deltaforge.sandbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * A Kafka cluster in KRaft mode: brokers 1 to n, each a JVM of its own, on free loopback ports, in a directory of its
 * own. The brokers end with this JVM, however it ends. Safe for use by several threads.
 */
public final class KafkaCluster implements AutoCloseable {
    private static final Duration READ_WITHIN = Duration.ofSeconds(60);
    private static final int BROKER_ANSWERS_WITHIN_MS = 5_000;

    private final SandboxDirectory directory;
    private final KafkaPorts ports;
    private final BrokerProxies proxies;
    private final List<KafkaBroker> brokers;

    private KafkaCluster(
            SandboxDirectory directory, KafkaPorts ports, BrokerProxies proxies, List<KafkaBroker> brokers) {
        this.directory = directory;
        this.ports = ports;
        this.proxies = proxies;
        this.brokers = List.copyOf(brokers);
    }

    /** One broker with the default options. */
    public static KafkaCluster start() {
        return start(KafkaOptions.defaults());
    }

    /** Returns when every broker serves; a directory that holds a cluster's data already is continued. */
    public static KafkaCluster start(KafkaOptions options) {
        SandboxDirectory directory = SandboxDirectory.of(options.directory(), "kafka");
        KafkaCluster cluster;
        try {
            cluster = prepare(options, directory);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
        try {
            cluster.brokers.forEach(cluster::launch);
            cluster.brokers.forEach(KafkaBroker::awaitReady);
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** Kafka's, as in {@code 4.3.1}. */
    public String version() {
        return AppInfoParser.getVersion();
    }

    /** {@code host:port} of every broker, running or not, separated by commas. */
    public String bootstrapServers() {
        return bootstrapServers(KafkaListeners.PLAINTEXT);
    }

    /** As {@link #bootstrapServers()}, of another listener. */
    public String bootstrapServers(String listener) {
        return listener.equals(KafkaListeners.PROXIED) ? proxies.addresses() : ports.addresses(listener);
    }

    /** What stands before a broker's listener {@link KafkaListeners#PROXIED}; the cluster's to close. */
    public FaultProxy proxy(int id) {
        return proxies.before(id);
    }

    /** A new admin client, the caller's to close. */
    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    }

    /** Creates a topic with as many replicas as there are brokers. */
    public void createTopic(String name, int partitions, Map<String, String> configs) {
        NewTopic topic = new NewTopic(name, partitions, (short) brokers.size()).configs(configs);
        try (Admin admin = admin()) {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot create topic " + name, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while creating topic " + name, e);
        }
    }

    /** Creates those of the topics that do not exist, with one partition each. */
    public void createMissingTopics(List<String> names) {
        List<NewTopic> topics = names.stream()
                .map(name -> new NewTopic(name, 1, (short) brokers.size()))
                .toList();
        try (Admin admin = admin()) {
            for (Map.Entry<String, KafkaFuture<Void>> created :
                    admin.createTopics(topics).values().entrySet()) {
                try {
                    created.getValue().get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new IllegalStateException("cannot create topic " + created.getKey(), e.getCause());
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while creating topics", e);
        }
    }

    /**
     * Everything that {@code topic} holds, from its beginning to its end as of now, without aborted or open
     * transactions; ordered within each partition.
     */
    public List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<String, Object> config = Map.of(
                "bootstrap.servers", bootstrapServers(),
                "isolation.level", "read_committed",
                "allow.auto.create.topics", "false",
                "enable.auto.commit", "false");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            awaitEndsOfDecidedTransactions();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Deadline deadline = Deadline.in(READ_WITHIN);
            while (!isPast(consumer, ends)) {
                if (deadline.passed()) {
                    throw new IllegalStateException(
                            "read " + records.size() + " records of " + topic + " but not all within " + READ_WITHIN);
                }
                int before = records.size();
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                if (records.size() > before) {
                    deadline = Deadline.in(READ_WITHIN);
                }
            }
            records.removeIf(
                    record -> record.offset() >= ends.getOrDefault(new TopicPartition(topic, record.partition()), 0L));
        }
        return records;
    }

    /**
     * A commit or an abort is answered once it is decided; that readers of committed records get past it follows. Transactions
     * that are still open are not waited for, nor is a broker that is away.
     */
    private void awaitEndsOfDecidedTransactions() {
        Deadline deadline = Deadline.in(READ_WITHIN);
        ListTransactionsOptions decided = new ListTransactionsOptions()
                .filterStates(List.of(TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT));
        decided.timeoutMs(BROKER_ANSWERS_WITHIN_MS);
        try (Admin admin = admin()) {
            while (!admin.listTransactions(decided).all().get().isEmpty()) {
                if (deadline.passed()) {
                    throw new IllegalStateException(
                            "transactions are decided but have not ended within " + READ_WITHIN);
                }
            }
        } catch (ExecutionException brokerAway) {
            // what it coordinates ends when it is back
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while transactions end", e);
        }
    }

    /** Ends a broker in good order; it hands its partitions over first. */
    public synchronized void stopBroker(int id) {
        broker(id).stop();
    }

    /** Ends a broker by SIGKILL. */
    public synchronized void killBroker(int id) {
        broker(id).kill();
    }

    /** Starts a broker that was stopped or killed, with its data and on its port, and waits until it serves. */
    public synchronized void startBroker(int id) {
        KafkaBroker broker = broker(id);
        launch(broker);
        broker.awaitReady();
    }

    /** Stops and starts a broker. */
    public synchronized void restartBroker(int id) {
        stopBroker(id);
        startBroker(id);
    }

    /** The process id of a running broker. */
    public synchronized long brokerPid(int id) {
        return broker(id).pid();
    }

    /** Ends the brokers: at once when their directory goes too, else in good order. */
    @Override
    public synchronized void close() {
        if (directory.isTemporary() && brokers.stream().noneMatch(KafkaBroker::writesArchive)) {
            runningBrokers().forEach(KafkaBroker::kill);
        } else {
            stopAll();
        }
        proxies.close();
        directory.close();
    }

    /** One after the other; those that would wait for a quorum which is gone are killed, and lose nothing by it. */
    private void stopAll() {
        int majority = brokers.size() / 2 + 1;
        List<KafkaBroker> running = runningBrokers();
        for (int i = 0; i < running.size(); i++) {
            if (running.size() - i >= majority) {
                running.get(i).stop();
            } else {
                running.get(i).kill();
            }
        }
    }

    private List<KafkaBroker> runningBrokers() {
        return brokers.stream().filter(KafkaBroker::isRunning).toList();
    }

    private void launch(KafkaBroker broker) {
        broker.launch(brokers.size() == 1);
    }

    private KafkaBroker broker(int id) {
        if (id < 1 || id > brokers.size()) {
            throw new IllegalArgumentException("no broker " + id + ": there are 1 to " + brokers.size());
        }
        return brokers.get(id - 1);
    }

    private static boolean isPast(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private static KafkaCluster prepare(KafkaOptions options, SandboxDirectory directory) {
        int count = options.brokers();
        KafkaPorts ports = KafkaPorts.in(directory.path(), count, options.listeners());
        BrokerProxies proxies = BrokerProxies.before(ports);
        BrokerClasses classes = BrokerClasses.find(Cache.ofUser());
        String clusterId = Uuid.randomUuid().toString();
        List<String> jvmOptions = new ArrayList<>();
        jvmOptions.add("-Xmx" + options.heapMegabytes() + "m");
        options.listeners().systemProperties().forEach((name, value) -> jvmOptions.add("-D" + name + "=" + value));
        List<KafkaBroker> brokers = new ArrayList<>();
        for (int id = 1; id <= count; id++) {
            KafkaBroker broker = new KafkaBroker(
                    id,
                    ports.port(KafkaListeners.PLAINTEXT, id),
                    directory.path().resolve("broker-" + id),
                    classes,
                    jvmOptions);
            Map<String, String> settings = settings(options, ports, id);
            settings.put("advertised.listeners", proxies.advertised(ports, id));
            settings.putAll(options.serverProperties());
            broker.prepare(settings, clusterId);
            brokers.add(broker);
        }
        return new KafkaCluster(directory, ports, proxies, brokers);
    }

    private static Map<String, String> settings(KafkaOptions options, KafkaPorts ports, int id) {
        int count = options.brokers();
        String replicas = Integer.toString(count);
        String minInSync = Integer.toString(Math.max(1, count - 1));
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("listeners", ports.listeners(id));
        settings.put("listener.security.protocol.map", ports.protocolMap());
        settings.put("controller.listener.names", KafkaListeners.CONTROLLER);
        settings.put("controller.quorum.voters", ports.voters());
        settings.put("num.partitions", Integer.toString(options.defaultPartitions()));
        settings.put("default.replication.factor", replicas);
        settings.put("min.insync.replicas", minInSync);
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("offsets.topic.replication.factor", replicas);
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("transaction.state.log.replication.factor", replicas);
        settings.put("transaction.state.log.min.isr", minInSync);
        settings.put("share.coordinator.state.topic.num.partitions", "1");
        settings.put("share.coordinator.state.topic.replication.factor", replicas);
        settings.put("share.coordinator.state.topic.min.isr", minInSync);
        settings.put("group.initial.rebalance.delay.ms", "0");
        // A killed broker may come back only when its session is over.
        settings.put("broker.heartbeat.interval.ms", "500");
        settings.put("broker.session.timeout.ms", "3000");
        settings.put("log.cleaner.dedupe.buffer.size", "16777216"); // of its 128 MB a small heap has none to spare
        return settings;
    }
}
