package io.deltaforge.sink.kafka;

import io.deltaforge.spi.Failure;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Utils;

/** What comes before a client works: its files, its classes, and whether the cluster answers. */
final class KafkaClients {
    /** Long enough for a slow cluster, short enough for somebody who watches the start. */
    private static final int MAX_CHECK_TIMEOUT_MS = 10_000;

    private static final int MIN_CHECK_TIMEOUT_MS = 2_000;

    private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";
    private static final String ALLOWED_FILES = "org.apache.kafka.sasl.oauthbearer.allowed.files";
    private static final List<String> OAUTH_FILES = List.of(
            SaslConfigs.SASL_OAUTHBEARER_ASSERTION_FILE,
            SaslConfigs.SASL_OAUTHBEARER_ASSERTION_PRIVATE_KEY_FILE,
            SaslConfigs.SASL_OAUTHBEARER_ASSERTION_TEMPLATE_FILE);

    private KafkaClients() {}

    /** The producer's settings, with files read and classes known to be there. */
    static Map<String, Object> load(ProducerSettings settings) throws Failure.Fatal {
        Map<String, Object> loaded = settings.load();
        requireClasses(loaded);
        allowTokenEndpoint(loaded);
        if ("lz4".equals(loaded.get(ProducerConfig.COMPRESSION_TYPE_CONFIG))) {
            Lz4Library.load();
        }
        return loaded;
    }

    /**
     * Finds out whether the cluster answers and takes our login, so that a wrong password is known at the start and not
     * at the first event.
     */
    static void check(Map<String, Object> producerSettings) throws Failure {
        int timeoutMs = Math.clamp(
                Long.parseLong(String.valueOf(producerSettings.get(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG))),
                MIN_CHECK_TIMEOUT_MS,
                MAX_CHECK_TIMEOUT_MS);
        try (BriefAdmin admin = new BriefAdmin(admin(producerSettings, timeoutMs))) {
            admin.client()
                    .describeCluster(new DescribeClusterOptions().timeoutMs(timeoutMs))
                    .nodes()
                    .get();
        } catch (ExecutionException e) {
            answer(e.getCause() instanceof Exception cause ? cause : e, producerSettings, timeoutMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure.Retryable("interrupted while connecting to Kafka", e);
        }
    }

    /** Those of a producer's settings that another kind of client knows, and what its TLS needs. */
    static Map<String, Object> connection(Map<String, Object> producerSettings, Set<String> known) {
        Map<String, Object> settings = new HashMap<>(producerSettings);
        settings.keySet().removeIf(name -> !known.contains(name) && !name.equals(ReloadingSslEngineFactory.FILES));
        return settings;
    }

    /** An admin client with a producer's connection settings, the caller's to close. */
    static Admin admin(Map<String, Object> producerSettings, int timeoutMs) throws Failure {
        Map<String, Object> settings = connection(producerSettings, AdminClientConfig.configNames());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Integer.toString(timeoutMs));
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Integer.toString(timeoutMs));
        settings.remove(AdminClientConfig.RETRIES_CONFIG);
        settings.put(AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        settings.put(AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG, "false");
        try {
            return Admin.create(settings);
        } catch (RuntimeException e) {
            throw KafkaErrors.onConnect(e);
        }
    }

    private static void answer(Exception error, Map<String, Object> settings, int timeoutMs) throws Failure {
        if (error instanceof AuthorizationException) {
            return; // it answers and knows us; more is not asked
        }
        if (error instanceof TimeoutException) {
            throw new Failure.Retryable(
                    "no broker of " + settings.get(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG) + " answered within "
                            + timeoutMs + " ms (is it up, are host and port right, and is security.protocol "
                            + settings.getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "PLAINTEXT")
                            + " what it speaks?)",
                    error);
        }
        throw KafkaErrors.onConnect(error);
    }

    private static void requireClasses(Map<String, Object> settings) throws Failure.Fatal {
        Map<String, String> classes = new HashMap<>();
        ProducerConfig.configDef().configKeys().forEach((name, key) -> {
            if (key.type == ConfigDef.Type.CLASS && settings.get(name) instanceof String className) {
                classes.put(name, className);
            }
        });
        String loginModule = SaslSettings.loginModule(settings);
        if (loginModule != null) {
            classes.put(SaslConfigs.SASL_JAAS_CONFIG, loginModule);
        }
        for (Map.Entry<String, String> named : classes.entrySet()) {
            requireClass(named.getKey(), named.getValue());
        }
    }

    private static void requireClass(String setting, String className) throws Failure.Fatal {
        try {
            Class.forName(className, false, Utils.getContextOrKafkaClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            String jar = className.startsWith("software.amazon.msk.")
                    ? "put aws-msk-iam-auth-<version>-all.jar (software.amazon.msk:aws-msk-iam-auth)"
                    : "put the jar that has it";
            throw new Failure.Fatal(
                    setting + " names " + className + ", which is not on the class path: " + jar
                            + " into plugins/ and start again",
                    e);
        }
    }

    /** The Java client talks only to token endpoints that a system property names; here the configuration names them. */
    private static void allowTokenEndpoint(Map<String, Object> settings) {
        if (settings.get(SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL) instanceof String url) {
            allow(ALLOWED_URLS, url);
        }
        for (String setting : OAUTH_FILES) {
            if (settings.get(setting) instanceof String file) {
                allow(ALLOWED_FILES, file);
            }
        }
    }

    private static synchronized void allow(String property, String resource) {
        Set<String> allowed =
                new LinkedHashSet<>(List.of(System.getProperty(property, "").split(",")));
        allowed.add(resource);
        allowed.remove("");
        System.setProperty(property, String.join(",", allowed));
    }
}
