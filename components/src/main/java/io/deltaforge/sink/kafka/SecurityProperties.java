package io.deltaforge.sink.kafka;

import static io.deltaforge.sink.kafka.LibrdkafkaProperty.combined;
import static io.deltaforge.sink.kafka.LibrdkafkaProperty.refused;
import static io.deltaforge.sink.kafka.LibrdkafkaProperty.same;

import io.deltaforge.sink.kafka.LibrdkafkaProperty.Flag;
import io.deltaforge.sink.kafka.LibrdkafkaProperty.Hidden;
import io.deltaforge.sink.kafka.LibrdkafkaProperty.OneOf;
import io.deltaforge.sink.kafka.LibrdkafkaProperty.Outcome;
import io.deltaforge.sink.kafka.LibrdkafkaProperty.Text;
import io.deltaforge.sink.kafka.LibrdkafkaProperty.Whole;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;

/** TLS and logins. */
final class SecurityProperties {
    private static final String JAAS = "sasl.jaas.config";
    private static final String TRUST = "ssl.truststore.type, ssl.truststore.location, ssl.truststore.certificates";
    private static final String KEYS = "ssl.keystore.type, ssl.keystore.certificate.chain, ssl.keystore.key";
    private static final String OIDC_JAAS = "sasl.jaas.config, sasl.login.callback.handler.class";
    private static final String OPENSSL_ONLY = "it configures OpenSSL, which the Java client does not use";

    static final List<LibrdkafkaProperty> ALL = List.of(
            new LibrdkafkaProperty(
                    List.of("security.protocol"),
                    new OneOf(List.of("plaintext", "ssl", "sasl_plaintext", "sasl_ssl")),
                    "security.protocol",
                    "In capitals.",
                    value -> new Outcome.Becomes(
                            CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, value.toUpperCase(Locale.ROOT), "")),
            combined(
                    List.of("ssl.ca.location"),
                    new Text(),
                    TRUST,
                    "A PEM file, or a directory of them; `probe` means the JVM's own authorities."),
            combined(List.of("ssl.ca.pem"), new Hidden(), TRUST, "The certificates themselves."),
            combined(
                    List.of("ssl.certificate.location"),
                    new Text(),
                    KEYS,
                    "A PEM file with the client's certificate chain."),
            combined(List.of("ssl.certificate.pem"), new Hidden(), KEYS, "The chain itself."),
            combined(
                    List.of("ssl.key.location"),
                    new Text(),
                    KEYS,
                    "A PEM file: PKCS#8, encrypted PKCS#8, PKCS#1 (RSA) or SEC1 (EC)."),
            combined(List.of("ssl.key.pem"), new Hidden(), KEYS, "The key itself."),
            combined(List.of("ssl.key.password"), new Hidden(), "ssl.key.password", "Of the key, wherever it is."),
            combined(
                    List.of("ssl.keystore.location"),
                    new Text(),
                    "ssl.keystore.location, ssl.keystore.type",
                    "PKCS12 unless ssl.keystore.type says otherwise or the name ends in .jks."),
            same(List.of("ssl.keystore.password"), new Hidden(), SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG, "As it is."),
            same(
                    List.of("ssl.endpoint.identification.algorithm"),
                    new OneOf(List.of("https", "none", "")),
                    SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG,
                    "none",
                    "",
                    "`none` is empty in Java: host names are not checked."),
            combined(
                    List.of("enable.ssl.certificate.verification"),
                    new Flag(),
                    "ssl.engine.factory.class",
                    "`false` trusts whoever answers, with a warning: for tests only."),
            new LibrdkafkaProperty(
                    List.of("ssl.cipher.suites"),
                    new Text(),
                    "ssl.cipher.suites",
                    "Java's names (`TLS_…`) pass; OpenSSL's are refused.",
                    SecurityProperties::cipherSuites),
            refused(OPENSSL_ONLY + "; the JVM's jdk.tls.namedGroups is the like", "ssl.curves.list"),
            refused(OPENSSL_ONLY + "; the JVM's jdk.tls.client.SignatureSchemes is the like", "ssl.sigalgs.list"),
            refused(
                    OPENSSL_ONLY + "; the JVM checks revocation with -Dcom.sun.net.ssl.checkRevocation=true",
                    "ssl.crl.location"),
            refused(OPENSSL_ONLY, "ssl.providers"),
            refused(OPENSSL_ONLY, "ssl.engine.location"),
            refused(OPENSSL_ONLY, "ssl.engine.id"),
            refused(OPENSSL_ONLY, "ssl_engine_callback_data"),
            refused("only a C program can set it; use ssl.key.location", "ssl_key"),
            refused("only a C program can set it; use ssl.certificate.location", "ssl_certificate"),
            refused("only a C program can set it; use ssl.ca.location", "ssl_ca"),
            refused(
                    "Java reads Windows' authorities with ssl.truststore.type=Windows-ROOT",
                    "ssl.ca.certificate.stores"),
            combined(
                    List.of("sasl.mechanisms", "sasl.mechanism"),
                    new Text(),
                    "sasl.mechanism",
                    "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, GSSAPI, AWS_MSK_IAM, or one that a plugin brings."),
            combined(List.of("sasl.username"), new Text(), JAAS, "With PLAIN and SCRAM."),
            combined(List.of("sasl.password"), new Hidden(), JAAS, "With PLAIN and SCRAM."),
            combined(
                    List.of("sasl.kerberos.service.name"),
                    new Text(),
                    SaslConfigs.SASL_KERBEROS_SERVICE_NAME,
                    "`kafka` with GSSAPI where it is not given."),
            combined(List.of("sasl.kerberos.principal"), new Text(), JAAS, "For Krb5LoginModule."),
            combined(
                    List.of("sasl.kerberos.keytab"),
                    new Text(),
                    JAAS,
                    "For Krb5LoginModule; without it the ticket cache is used."),
            new LibrdkafkaProperty(
                    List.of("sasl.kerberos.kinit.cmd"),
                    new Text(),
                    SaslConfigs.SASL_KERBEROS_KINIT_CMD,
                    "Java's is a path and passes; librdkafka's command line has no effect: Java logs in by itself.",
                    value -> value.contains("%{") || value.contains(" ")
                            ? new Outcome.NoEffect("Java logs in by itself, with the keytab or the ticket cache")
                            : new Outcome.Becomes(SaslConfigs.SASL_KERBEROS_KINIT_CMD, value, "")),
            same(
                    List.of("sasl.kerberos.min.time.before.relogin"),
                    new Whole(0, 86_400_000, "ms"),
                    SaslConfigs.SASL_KERBEROS_MIN_TIME_BEFORE_RELOGIN,
                    "As it is, but 0 does not switch Java's renewal off."),
            combined(
                    List.of("sasl.oauthbearer.method"),
                    new OneOf(List.of("default", "oidc")),
                    OIDC_JAAS,
                    "`oidc` fetches tokens from sasl.oauthbearer.token.endpoint.url."),
            same(
                    List.of("sasl.oauthbearer.client.id", "sasl.oauthbearer.client.credentials.client.id"),
                    new Text(),
                    SaslConfigs.SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_ID,
                    "As it is."),
            same(
                    List.of("sasl.oauthbearer.client.secret", "sasl.oauthbearer.client.credentials.client.secret"),
                    new Hidden(),
                    SaslConfigs.SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_SECRET,
                    "As it is."),
            same(List.of("sasl.oauthbearer.scope"), new Text(), SaslConfigs.SASL_OAUTHBEARER_SCOPE, "As it is."),
            same(
                    List.of("sasl.oauthbearer.token.endpoint.url"),
                    new Text(),
                    SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL,
                    "As it is, and allowed: Java's system property for that is set."),
            combined(List.of("sasl.oauthbearer.extensions"), new Text(), JAAS, "As extension_… options."),
            combined(
                    List.of("https.ca.location"), new Text(), JAAS, "A PEM file for the token endpoint's certificate."),
            refused("write it to a file and name that in https.ca.location", "https.ca.pem"),
            combined(
                    List.of("sasl.oauthbearer.grant.type"),
                    new OneOf(List.of("client_credentials", "urn:ietf:params:oauth:grant-type:jwt-bearer")),
                    SaslConfigs.SASL_OAUTHBEARER_JWT_RETRIEVER_CLASS,
                    "client_credentials is Java's default; the other takes JwtBearerJwtRetriever."),
            same(
                    List.of("sasl.oauthbearer.assertion.algorithm"),
                    new OneOf(List.of("rs256", "es256")),
                    SaslConfigs.SASL_OAUTHBEARER_ASSERTION_ALGORITHM,
                    "As it is."),
            same(
                    List.of("sasl.oauthbearer.assertion.private.key.file"),
                    new Text(),
                    SaslConfigs.SASL_OAUTHBEARER_ASSERTION_PRIVATE_KEY_FILE,
                    "As it is."),
            same(
                    List.of("sasl.oauthbearer.assertion.private.key.passphrase"),
                    new Hidden(),
                    SaslConfigs.SASL_OAUTHBEARER_ASSERTION_PRIVATE_KEY_PASSPHRASE,
                    "As it is."),
            refused(
                    "write it to a file and name that in sasl.oauthbearer.assertion.private.key.file",
                    "sasl.oauthbearer.assertion.private.key.pem"),
            same(
                    List.of("sasl.oauthbearer.assertion.file"),
                    new Text(),
                    SaslConfigs.SASL_OAUTHBEARER_ASSERTION_FILE,
                    "As it is."),
            same(
                    List.of("sasl.oauthbearer.assertion.jwt.template.file"),
                    new Text(),
                    SaslConfigs.SASL_OAUTHBEARER_ASSERTION_TEMPLATE_FILE,
                    "Another name."),
            same(
                    List.of("sasl.oauthbearer.assertion.claim.aud"),
                    new Text(),
                    SaslConfigs.SASL_OAUTHBEARER_ASSERTION_CLAIM_AUD,
                    "As it is."),
            same(
                    List.of("sasl.oauthbearer.assertion.claim.exp.seconds"),
                    new Whole(0, 86_400, "s"),
                    SaslConfigs.SASL_OAUTHBEARER_ASSERTION_CLAIM_EXP_SECONDS,
                    "As it is; a day at most."),
            same(
                    List.of("sasl.oauthbearer.assertion.claim.iss"),
                    new Text(),
                    SaslConfigs.SASL_OAUTHBEARER_ASSERTION_CLAIM_ISS,
                    "As it is."),
            same(
                    List.of("sasl.oauthbearer.assertion.claim.jti.include"),
                    new Flag(),
                    SaslConfigs.SASL_OAUTHBEARER_ASSERTION_CLAIM_JTI_INCLUDE,
                    "As it is."),
            same(
                    List.of("sasl.oauthbearer.assertion.claim.nbf.seconds"),
                    new Whole(0, 3_600, "s"),
                    SaslConfigs.SASL_OAUTHBEARER_ASSERTION_CLAIM_NBF_SECONDS,
                    "As it is; an hour at most."),
            same(
                    List.of("sasl.oauthbearer.assertion.claim.sub"),
                    new Text(),
                    SaslConfigs.SASL_OAUTHBEARER_ASSERTION_CLAIM_SUB,
                    "As it is."),
            LibrdkafkaProperty.only(
                    "none",
                    new OneOf(List.of("none", "azure_imds")),
                    "it is the default",
                    "the Java client has no login by Azure's metadata service",
                    "sasl.oauthbearer.metadata.authentication.type"),
            refused(
                    "write Java's form, e.g. sasl.jaas.config:"
                            + " org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required"
                            + " unsecuredLoginStringClaim_sub=\"admin\";",
                    "sasl.oauthbearer.config"),
            LibrdkafkaProperty.only(
                    "false",
                    new Flag(),
                    "it is the default",
                    "write unsecured tokens, which are for tests only, in Java's form: sasl.jaas.config with"
                            + " OAuthBearerLoginModule and unsecuredLoginStringClaim_sub",
                    "enable.sasl.oauthbearer.unsecure.jwt"));

    private SecurityProperties() {}

    private static Outcome cipherSuites(String suites) {
        for (String suite : suites.split(",")) {
            if (!suite.strip().startsWith("TLS_") && !suite.strip().startsWith("SSL_")) {
                return new Outcome.Refused("the JVM does not know \"" + suite.strip()
                        + "\": it takes IANA's names, e.g. TLS_AES_256_GCM_SHA384 or"
                        + " TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
            }
        }
        return new Outcome.Becomes(SslConfigs.SSL_CIPHER_SUITES_CONFIG, suites, "");
    }
}
