package io.deltaforge.sink.kafka;

import io.deltaforge.spi.tls.Pem;
import io.deltaforge.spi.tls.PrivateKeyPem;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;

/** Certificates and keys: librdkafka's PEM files as the Java client takes them. */
final class TlsSettings {
    private static final String TRUST_TYPE = SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG;
    private static final String TRUST_FILE = SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG;
    private static final String TRUST_PEM = SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG;
    private static final String KEY_TYPE = SslConfigs.SSL_KEYSTORE_TYPE_CONFIG;
    private static final String KEY_FILE = SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG;
    private static final String KEY_PEM = SslConfigs.SSL_KEYSTORE_KEY_CONFIG;
    private static final String CHAIN_PEM = SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG;
    private static final String KEY_PASSWORD = SslConfigs.SSL_KEY_PASSWORD_CONFIG;
    private static final String ENGINE_FACTORY = SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG;
    private static final String PEM = "PEM";

    private final ClientConf conf;
    private final SettingsDraft draft;

    TlsSettings(ClientConf conf, SettingsDraft draft) {
        this.conf = conf;
        this.draft = draft;
    }

    void settle() {
        settleTrust();
        if (!settlePemKey()) {
            settleKeystore();
        }
        settleVerification();
        if (!isEncrypted() && (draft.has(TRUST_FILE) || draft.has(TRUST_PEM) || draft.has(KEY_TYPE))) {
            draft.warning("ssl.…", "has no effect with security.protocol=" + protocol() + ": nothing is encrypted");
        }
    }

    private boolean isEncrypted() {
        return protocol().toUpperCase(Locale.ROOT).endsWith("SSL");
    }

    private String protocol() {
        return draft.text(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "PLAINTEXT");
    }

    private void settleTrust() {
        ClientConf.Given location = conf.get("ssl.ca.location");
        ClientConf.Given pem = conf.get("ssl.ca.pem");
        if (location != null && location.value().equals("probe")) {
            draft.warning(location.key(), "= probe means the JVM's own authorities here");
            location = null;
        }
        if (location != null && pem != null) {
            draft.problem(location.key(), "and ssl.ca.pem both name the authorities: keep one");
        } else if (location != null) {
            Path path = Path.of(location.value());
            draft.given(location.key(), TRUST_TYPE, PEM);
            draft.given(
                    location.key(),
                    TRUST_FILE,
                    new SettingsDraft.FromFiles(location.value(), List.of(path), () -> readAuthorities(path)),
                    "");
        } else if (pem != null) {
            draft.given(pem.key(), TRUST_TYPE, PEM);
            draft.given(pem.key(), TRUST_PEM, pem.value());
        } else if (draft.isGiven(TRUST_FILE) && !draft.isGiven(TRUST_TYPE)) {
            draft.derived(TRUST_TYPE, storeType(draft.text(TRUST_FILE, "")), "the name of " + TRUST_FILE);
        }
    }

    /** A file stays a file; a directory becomes the certificates in it. */
    private static Map<String, String> readAuthorities(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.readString(path); // a message of ours where the client would only name a path
            return Map.of(TRUST_FILE, path.toString());
        }
        StringBuilder certificates = new StringBuilder();
        NavigableSet<Path> files = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path, Files::isRegularFile)) {
            entries.forEach(files::add);
        }
        for (Path file : files) {
            String text = Files.readString(file);
            if (text.contains("BEGIN CERTIFICATE")) {
                certificates.append(text).append('\n');
            }
        }
        if (certificates.isEmpty()) {
            throw new IOException("no file in " + path + " holds a PEM certificate");
        }
        return Map.of(TRUST_PEM, certificates.toString());
    }

    /** Returns false when the client has no key in PEM form. */
    private boolean settlePemKey() {
        ClientConf.Given chain = either("ssl.certificate.location", "ssl.certificate.pem");
        ClientConf.Given key = either("ssl.key.location", "ssl.key.pem");
        if (chain == null) {
            if (key != null) {
                draft.problem(key.key(), "needs ssl.certificate.location as well: the key's certificate");
            }
            return key != null;
        }
        if (key == null) {
            draft.problem(chain.key(), "needs ssl.key.location as well: the certificate's key");
            return true;
        }
        if (conf.get("ssl.keystore.location") != null) {
            draft.problem("ssl.keystore.location", "and " + chain.key() + " both say who we are: keep one");
            return true;
        }
        draft.given(chain.key(), KEY_TYPE, PEM);
        Source chainSource = source(chain);
        draft.given(
                chain.key(),
                CHAIN_PEM,
                new SettingsDraft.FromFiles(
                        chainSource.shown, chainSource.files(), () -> Map.of(CHAIN_PEM, chainSource.read())),
                "");
        Source keySource = source(key);
        String password = conf.value(KEY_PASSWORD);
        draft.given(
                key.key(),
                KEY_PEM,
                new SettingsDraft.FromFiles(
                        keySource.shown,
                        keySource.files(),
                        () -> Map.of(KEY_PEM, readKey(keySource, password, chainSource))),
                password == null ? "as PKCS#8" : "as PKCS#8, decrypted with ssl.key.password");
        return true;
    }

    /** As PKCS#8; a key that is not the certificate's would only make the broker hang up. */
    private static String readKey(Source key, @Nullable String password, Source chain)
            throws IOException, GeneralSecurityException {
        String pkcs8 = PrivateKeyPem.toPkcs8(key.read(), password, key.shown);
        Certificate[] certificates = Pem.certificates(chain.read());
        if (certificates.length == 0) {
            throw new IOException(chain.shown + " holds no certificate in PEM form");
        }
        if (!Pem.belongTogether(Pem.privateKey(pkcs8), certificates[0])) {
            throw new IOException(
                    "the key in " + key.shown + " is not that of the first certificate in " + chain.shown);
        }
        return pkcs8;
    }

    private ClientConf.@Nullable Given either(String location, String pem) {
        ClientConf.Given file = conf.get(location);
        ClientConf.Given text = conf.get(pem);
        if (file != null && text != null) {
            draft.problem(location, "and " + pem + " both give the same thing: keep one");
        }
        return file == null ? text : file;
    }

    /** Text that stands in the configuration or in a file that it names. */
    private record Source(String shown, List<String> inline) {
        List<Path> files() {
            return inline.isEmpty() ? List.of(Path.of(shown)) : List.of();
        }

        String read() throws IOException {
            return inline.isEmpty() ? Files.readString(Path.of(shown)) : inline.getFirst();
        }

        @Override
        public String toString() {
            return shown;
        }
    }

    private static Source source(ClientConf.Given given) {
        return given.key().endsWith(".pem")
                ? new Source("***", List.of(given.value()))
                : new Source(given.value(), List.of());
    }

    private void settleKeystore() {
        ClientConf.Given keystore = conf.get("ssl.keystore.location");
        if (keystore != null) {
            draft.given(keystore.key(), KEY_FILE, keystore.value());
            if (!draft.isGiven(KEY_TYPE)) {
                draft.derived(KEY_TYPE, storeType(keystore.value()), "the name of " + keystore.key());
            }
        }
        ClientConf.Given password = conf.get(KEY_PASSWORD);
        if (password != null) {
            draft.given(password.key(), KEY_PASSWORD, password.value());
        }
    }

    private static String storeType(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        return name.endsWith(".jks") ? "JKS" : name.endsWith(".pem") || name.endsWith(".crt") ? PEM : "PKCS12";
    }

    private void settleVerification() {
        ClientConf.Given verify = conf.get("enable.ssl.certificate.verification");
        if (verify == null || verify.value().equals("true")) {
            if (isEncrypted() && !draft.has(ENGINE_FACTORY)) {
                draft.derived(
                        ENGINE_FACTORY,
                        ReloadingSslEngineFactory.class.getName(),
                        "certificates and keys are read again when their files change");
            }
            return;
        }
        draft.given(verify.key(), ENGINE_FACTORY, TrustAllSslEngineFactory.class.getName());
        draft.warning(
                verify.key(),
                "= false: WHOEVER ANSWERS IS TRUSTED, passwords and data can be read on the way; for tests only");
    }
}
