package io.deltaforge.sink.kafka;

import io.deltaforge.spi.EffectiveSetting;
import io.deltaforge.spi.Failure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The Kafka producer's settings: safe and fast defaults of ours, under what the user says in {@code client_conf}. */
final class ProducerSettings {
    private static final String BOOTSTRAP = ProducerConfig.BOOTSTRAP_SERVERS_CONFIG;

    private final SettingsDraft draft;

    private ProducerSettings(SettingsDraft draft) {
        this.draft = draft;
    }

    /** @throws IllegalArgumentException with all problems of {@code client_conf} in one message */
    static ProducerSettings of(
            String sinkId, String brokers, int sendTimeoutSecs, boolean exactlyOnce, Map<String, String> clientConf) {
        SettingsDraft draft = new SettingsDraft();
        String sendTimeoutMs = Long.toString(1000L * sendTimeoutSecs);
        draft.byDefault(BOOTSTRAP, brokers);
        draft.byDefault(ProducerConfig.CLIENT_ID_CONFIG, "deltaforge-" + sinkId);
        draft.byDefault(ProducerConfig.ACKS_CONFIG, "all");
        draft.byDefault(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        draft.byDefault(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        draft.byDefault(ProducerConfig.LINGER_MS_CONFIG, "5");
        draft.byDefault(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(256 * 1024));
        draft.byDefault(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, sendTimeoutMs);
        draft.byDefault(ProducerConfig.MAX_BLOCK_MS_CONFIG, sendTimeoutMs);
        ClientConf conf = ClientConf.read(clientConf, draft);
        ClientConf.Given servers = conf.get("metadata.broker.list");
        if (servers != null && !servers.value().equals(brokers.strip())) {
            draft.problem(servers.key(), "differs from the sink's `brokers`: keep `brokers`");
        }
        new DeliverySettings(conf, draft, exactlyOnce).settle();
        new TlsSettings(conf, draft).settle();
        new SaslSettings(conf, draft).settle();
        if (!draft.problems().isEmpty()) {
            throw new IllegalArgumentException(ClientConf.message(draft.problems()));
        }
        return new ProducerSettings(draft);
    }

    List<EffectiveSetting> explain() {
        return draft.explain();
    }

    /** What the user should hear of when the pipeline starts; without secrets. */
    List<String> warnings() {
        return draft.warnings();
    }

    /** A setting's text, e.g. {@code max.block.ms}. */
    String text(String setting) {
        return Objects.requireNonNull(draft.text(setting), setting);
    }

    /** The settings for the client, with the files that they name read. */
    Map<String, Object> load() throws Failure.Fatal {
        Map<String, Object> settings = new HashMap<>();
        for (Map.Entry<String, SettingsDraft.Value> entry : draft.values().entrySet()) {
            switch (entry.getValue()) {
                case SettingsDraft.Plain plain -> settings.put(entry.getKey(), plain.text());
                case SettingsDraft.Hidden hidden -> settings.put(entry.getKey(), hidden.text());
                case SettingsDraft.FromFiles files -> settings.putAll(load(files));
            }
        }
        return settings;
    }

    private static Map<String, String> load(SettingsDraft.FromFiles files) throws Failure.Fatal {
        try {
            return files.loader().load();
        } catch (NoSuchFileException e) {
            throw new Failure.Fatal("there is no file " + e.getFile() + ": mend the ssl.… setting that names it", e);
        } catch (AccessDeniedException e) {
            throw new Failure.Fatal("not allowed to read " + e.getFile() + ": mend its permissions", e);
        } catch (IOException | GeneralSecurityException e) {
            throw new Failure.Fatal(String.valueOf(e.getMessage()), e);
        }
    }
}
