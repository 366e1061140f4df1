package io.deltaforge.sink.kafka;

import io.deltaforge.spi.EffectiveSetting;
import io.deltaforge.spi.EffectiveSetting.Origin;
import io.deltaforge.spi.Failure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;

/** The Kafka producer's settings: safe and fast defaults of ours, under what the user says in {@code client_conf}. */
final class ProducerSettings {
    /** Bounds how long a transaction of the source may take, and how long readers wait after a machine is lost for good. */
    private static final String TRANSACTION_TIMEOUT_MS = "300000";

    /** Fewer and larger batches waste less: what compresses one takes more than 128 KiB, which are counted nowhere. */
    private static final int LEAST_BUFFERED_BATCHES = 12;

    private static final String BOOTSTRAP = ProducerConfig.BOOTSTRAP_SERVERS_CONFIG;

    private static final Set<String> STORES =
            Set.of(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG);

    private final SettingsDraft draft;

    private ProducerSettings(SettingsDraft draft) {
        this.draft = draft;
    }

    /** @throws IllegalArgumentException with all problems of {@code client_conf} in one message */
    static ProducerSettings of(
            String sinkId, String brokers, int sendTimeoutSecs, boolean exactlyOnce, Map<String, String> clientConf) {
        return of(sinkId, brokers, sendTimeoutSecs, exactlyOnce, null, clientConf);
    }

    /** @throws IllegalArgumentException with all problems of {@code client_conf} in one message */
    static ProducerSettings of(
            String sinkId,
            String brokers,
            int sendTimeoutSecs,
            boolean exactlyOnce,
            @Nullable Partitioning partitioning,
            Map<String, String> clientConf) {
        SettingsDraft draft = new SettingsDraft();
        String sendTimeoutMs = Long.toString(1000L * sendTimeoutSecs);
        draft.byOwnSetting("brokers", BOOTSTRAP, brokers);
        draft.byOwnSetting("id", ProducerConfig.CLIENT_ID_CONFIG, "deltaforge-" + sinkId);
        draft.byDefault(ProducerConfig.ACKS_CONFIG, "all");
        draft.byDefault(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        draft.byDefault(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        draft.byDefault(ProducerConfig.LINGER_MS_CONFIG, "5");
        draft.byDefault(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(256 * 1024));
        draft.byOwnSetting("send_timeout_secs", ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, sendTimeoutMs);
        draft.byOwnSetting("send_timeout_secs", ProducerConfig.MAX_BLOCK_MS_CONFIG, sendTimeoutMs);
        if (exactlyOnce) {
            draft.byDefault(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
        }
        ClientConf conf = ClientConf.read(clientConf, draft);
        ClientConf.Given servers = conf.get("metadata.broker.list");
        if (servers != null && !servers.value().equals(brokers.strip())) {
            draft.problem(servers.key(), "differs from the sink's `brokers`: keep `brokers`");
        }
        new DeliverySettings(conf, draft, exactlyOnce).settle();
        new PartitionerSettings(conf, draft).settle(partitioning);
        new TlsSettings(conf, draft).settle();
        new SaslSettings(conf, draft).settle();
        if (!draft.problems().isEmpty()) {
            throw new IllegalArgumentException(ClientConf.message(draft.problems()));
        }
        return new ProducerSettings(draft);
    }

    /** What is not left to the client's own defaults, in the order of the names. */
    List<EffectiveSetting> explain() {
        return draft.explain();
    }

    /**
     * {@link #explain} and then the client's own defaults; those that are unset are left out.
     *
     * @param transactionalId the one that is used where none is given
     */
    List<EffectiveSetting> explainAll(Optional<String> transactionalId) {
        List<EffectiveSetting> all = new ArrayList<>(draft.explain());
        if (transactionalId.isPresent() && !draft.has(ProducerConfig.TRANSACTIONAL_ID_CONFIG)) {
            Origin origin = new Origin.Derived("exactly_once, from the names of pipeline and sink");
            all.add(new EffectiveSetting(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId.get(), origin, ""));
            all.sort(Comparator.comparing(EffectiveSetting::name));
        }
        new TreeMap<>(ProducerConfig.configDef().configKeys()).forEach((name, key) -> {
            String value = key.hasDefault() ? ConfigDef.convertToString(key.defaultValue, key.type) : null;
            if (value != null && !value.isEmpty() && !draft.has(name) && !key.internalConfig) {
                all.add(new EffectiveSetting(name, value, new Origin.DriverDefault("Kafka"), ""));
            }
        });
        return all;
    }

    /** What the user should hear of when the pipeline starts; without secrets. */
    List<String> warnings() {
        return draft.warnings();
    }

    /** A setting's text, e.g. {@code max.block.ms}. */
    String text(String setting) {
        return Objects.requireNonNull(draft.text(setting), setting);
    }

    /**
     * Makes a producer's buffers no larger than this, as far as they are left to us and the largest record fits in: the client
     * gives each partition a buffer of a batch, and beside it what its compression needs.
     *
     * @param loaded what {@link #load} gave
     */
    void limitBuffers(Map<String, Object> loaded, long maxBytes) {
        long most = number(loaded, ProducerConfig.BUFFER_MEMORY_CONFIG);
        if (!draft.isGiven(ProducerConfig.BUFFER_MEMORY_CONFIG)) {
            long largestRecord = number(loaded, ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
            most = Math.min(most, Math.max(maxBytes, largestRecord));
            loaded.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Long.toString(most));
        }
        if (!draft.isGiven(ProducerConfig.BATCH_SIZE_CONFIG)) {
            long batch = Math.min(number(loaded, ProducerConfig.BATCH_SIZE_CONFIG), most / LEAST_BUFFERED_BATCHES);
            loaded.put(ProducerConfig.BATCH_SIZE_CONFIG, Long.toString(batch));
        }
    }

    private static long number(Map<String, Object> loaded, String setting) {
        Object byDefault = ProducerConfig.configDef().defaultValues().get(setting);
        return Long.parseLong(String.valueOf(loaded.getOrDefault(setting, byDefault)));
    }

    /** The settings for the client, with the files that they name read. */
    Map<String, Object> load() throws Failure.Fatal {
        Map<String, Object> settings = new HashMap<>();
        List<Path> files = new ArrayList<>();
        List<SettingsDraft.Loader> loaders = new ArrayList<>();
        draft.values().forEach((name, value) -> {
            switch (value) {
                case SettingsDraft.Plain plain -> {
                    settings.put(name, plain.text());
                    if (STORES.contains(name)) {
                        Path store = Path.of(plain.text());
                        files.add(store);
                        loaders.add(() -> mustBeReadable(store));
                    }
                }
                case SettingsDraft.Hidden hidden -> settings.put(name, hidden.text());
                case SettingsDraft.FromFiles from -> {
                    files.addAll(from.files());
                    loaders.add(from.loader());
                }
            }
        });
        TlsFiles tls = new TlsFiles(files, loaders);
        settings.putAll(load(tls));
        if (ReloadingSslEngineFactory.class
                .getName()
                .equals(settings.get(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG))) {
            settings.put(ReloadingSslEngineFactory.FILES, tls);
        }
        return settings;
    }

    /** The client itself would only name its path. */
    private static Map<String, String> mustBeReadable(Path store) throws IOException {
        Files.newInputStream(store).close();
        return Map.of();
    }

    private static Map<String, String> load(TlsFiles files) throws Failure.Fatal {
        try {
            return files.load();
        } catch (NoSuchFileException e) {
            throw new Failure.Fatal("there is no file " + e.getFile() + ": mend the ssl.… setting that names it", e);
        } catch (AccessDeniedException e) {
            throw new Failure.Fatal("not allowed to read " + e.getFile() + ": mend its permissions", e);
        } catch (IOException | GeneralSecurityException e) {
            throw new Failure.Fatal(String.valueOf(e.getMessage()), e);
        }
    }
}
