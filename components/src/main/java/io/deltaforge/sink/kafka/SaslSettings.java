package io.deltaforge.sink.kafka;

import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;

/** Logins: librdkafka's user names, passwords and files as the JAAS configuration that the Java client takes. */
final class SaslSettings {
    static final String MSK_LOGIN_MODULE = "software.amazon.msk.auth.iam.IAMLoginModule";
    private static final String MSK_CALLBACK_HANDLER = "software.amazon.msk.auth.iam.IAMClientCallbackHandler";
    private static final String KAFKA_SECURITY = "org.apache.kafka.common.security.";
    private static final String OAUTH = KAFKA_SECURITY + "oauthbearer.";
    private static final String JAAS = SaslConfigs.SASL_JAAS_CONFIG;
    private static final String JVM_WIDE_JAAS = "java.security.auth.login.config";

    private final ClientConf conf;
    private final SettingsDraft draft;

    SaslSettings(ClientConf conf, SettingsDraft draft) {
        this.conf = conf;
        this.draft = draft;
    }

    void settle() {
        ClientConf.Given mechanism = conf.get("sasl.mechanisms");
        if (mechanism != null) {
            draft.given(mechanism.key(), SaslConfigs.SASL_MECHANISM, name(mechanism));
        }
        String protocol = draft.text(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "PLAINTEXT");
        if (!protocol.toUpperCase(Locale.ROOT).startsWith("SASL_")) {
            if (mechanism != null || conf.get("sasl.username") != null || conf.get(JAAS) != null) {
                draft.warning(
                        mechanism != null ? mechanism.key() : "sasl.…",
                        "has no effect with security.protocol=" + protocol + ": nobody logs in; use SASL_SSL");
            }
            return;
        }
        String name = mechanism == null ? SaslConfigs.GSSAPI_MECHANISM : name(mechanism);
        switch (name) {
            case "PLAIN" -> withPassword(name, KAFKA_SECURITY + "plain.PlainLoginModule");
            case "SCRAM-SHA-256", "SCRAM-SHA-512" -> withPassword(name, KAFKA_SECURITY + "scram.ScramLoginModule");
            case "OAUTHBEARER" -> withToken();
            case "AWS_MSK_IAM" -> withMskIam();
            case "GSSAPI" -> withKerberos(mechanism != null);
            default -> {
                if (conf.get("sasl.username") != null) {
                    draft.problem("sasl.username", "works with PLAIN and SCRAM, not with " + name);
                } else if (conf.get(JAAS) == null) {
                    draft.problem(
                            "sasl.mechanism",
                            "must be one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, GSSAPI, AWS_MSK_IAM, or come"
                                    + " with a sasl.jaas.config that names its login module, but is " + name);
                }
            }
        }
    }

    /** The names are registered in capitals (RFC 4422 §3.1). */
    private static String name(ClientConf.Given mechanism) {
        return mechanism.value().toUpperCase(Locale.ROOT);
    }

    private void withPassword(String mechanism, String loginModule) {
        String user = conf.value("sasl.username");
        String password = conf.value("sasl.password");
        if (conf.get(JAAS) != null) {
            if (user != null || password != null) {
                draft.problem(JAAS, "and sasl.username or sasl.password both say how to log in: keep one");
            }
        } else if (user != null && password != null) {
            derive(
                    loginModule + " required username=" + quoted(user) + " password=" + quoted(password) + ";",
                    "sasl.username and sasl.password");
        } else if (user != null || password != null || System.getProperty(JVM_WIDE_JAAS) == null) {
            draft.problem("sasl.mechanism", mechanism + " needs sasl.username and sasl.password");
        }
    }

    private void withMskIam() {
        if (conf.get(JAAS) == null) {
            derive(MSK_LOGIN_MODULE + " required;", "sasl.mechanism=AWS_MSK_IAM");
        }
        if (!draft.has(SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS)) {
            draft.derived(
                    SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS, MSK_CALLBACK_HANDLER, "sasl.mechanism=AWS_MSK_IAM");
        }
    }

    private void withKerberos(boolean asked) {
        ClientConf.Given service = conf.get("sasl.kerberos.service.name");
        if (service != null) {
            draft.given(service.key(), SaslConfigs.SASL_KERBEROS_SERVICE_NAME, service.value());
        }
        if (conf.get(JAAS) != null) {
            return;
        }
        if (conf.get("sasl.username") != null) {
            draft.problem("sasl.username", "needs a sasl.mechanism: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512");
            return;
        }
        String principal = conf.value("sasl.kerberos.principal");
        String keytab = conf.value("sasl.kerberos.keytab");
        if (!asked && principal == null && keytab == null) {
            if (System.getProperty(JVM_WIDE_JAAS) == null) {
                draft.problem("security.protocol", "with SASL needs a sasl.mechanism");
            }
            return;
        }
        if (service == null) {
            draft.derived(SaslConfigs.SASL_KERBEROS_SERVICE_NAME, "kafka", "GSSAPI needs one, and kafka is the usual");
        }
        if (principal != null || keytab != null || System.getProperty(JVM_WIDE_JAAS) == null) {
            derive(
                    "com.sun.security.auth.module.Krb5LoginModule required"
                            + (keytab == null
                                    ? " useTicketCache=true"
                                    : " useKeyTab=true storeKey=true keyTab=" + quoted(keytab))
                            + (principal == null ? "" : " principal=" + quoted(principal)) + ";",
                    "sasl.kerberos.keytab and sasl.kerberos.principal");
        }
    }

    private void withToken() {
        String grant = conf.value("sasl.oauthbearer.grant.type");
        boolean oidc = "oidc".equals(conf.value("sasl.oauthbearer.method"));
        boolean hasEndpoint = draft.has(SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL);
        if (oidc && !hasEndpoint) {
            draft.problem("sasl.oauthbearer.method", "oidc needs sasl.oauthbearer.token.endpoint.url");
        }
        if (grant != null && grant.endsWith("jwt-bearer")) {
            draft.derived(
                    SaslConfigs.SASL_OAUTHBEARER_JWT_RETRIEVER_CLASS,
                    OAUTH + "JwtBearerJwtRetriever",
                    "sasl.oauthbearer.grant.type");
        }
        if (conf.get(JAAS) != null) {
            return;
        }
        if (!oidc && !hasEndpoint) {
            draft.problem(
                    "sasl.mechanism",
                    "OAUTHBEARER needs sasl.oauthbearer.method=oidc with sasl.oauthbearer.token.endpoint.url, or a"
                            + " sasl.jaas.config");
            return;
        }
        derive(
                OAUTH + "OAuthBearerLoginModule required" + extensions() + authorities() + ";",
                "sasl.oauthbearer.method");
        if (!draft.has(SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS)) {
            draft.derived(
                    SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS,
                    OAUTH + "OAuthBearerLoginCallbackHandler",
                    "sasl.oauthbearer.method");
        }
    }

    /** {@code a=1,b=2} as the login module's options. */
    private String extensions() {
        String extensions = conf.value("sasl.oauthbearer.extensions");
        if (extensions == null) {
            return "";
        }
        StringBuilder options = new StringBuilder();
        for (String extension : extensions.split(",")) {
            int equals = extension.indexOf('=');
            if (equals < 1) {
                draft.problem("sasl.oauthbearer.extensions", "must be key=value pairs separated by commas");
                return "";
            }
            options.append(" extension_")
                    .append(extension.substring(0, equals).strip())
                    .append('=')
                    .append(quoted(extension.substring(equals + 1).strip()));
        }
        return options.toString();
    }

    private String authorities() {
        String file = conf.value("https.ca.location");
        return file == null
                ? ""
                : " " + SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG + "=" + quoted("PEM") + " "
                        + SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG + "=" + quoted(file);
    }

    private void derive(String jaas, String because) {
        draft.derived(JAAS, new SettingsDraft.Hidden(jaas), because);
    }

    /** A JAAS option's value: {@code java.io.StreamTokenizer} reads it back. */
    private static String quoted(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                + '"';
    }

    /** The login module that a JAAS configuration names. */
    static @Nullable String loginModule(Map<String, Object> settings) {
        Object jaas = settings.get(JAAS);
        return jaas == null ? null : jaas.toString().strip().split("\\s", 2)[0];
    }
}
