package io.deltaforge.spi.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.deltaforge.spi.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A server's side of TLS, from PEM files.
 *
 * @param certFile its certificate, then those between it and the authority
 * @param keyFile the private key, not encrypted: PKCS#8, PKCS#1 or SEC1
 * @param clientCaFile the authorities of clients' certificates, which are required then; {@code null} asks for none
 */
public record ServerTls(
        String certFile, String keyFile, @Nullable String clientCaFile) {
    private static final char[] NO_PASSWORD = {};

    /**
     * What the settings {@code cert_file}, {@code key_file} and {@code client_ca_file} ask for; {@code null} when none is set.
     *
     * @throws IllegalArgumentException for the user, when one is missing
     */
    public static @Nullable ServerTls of(
            @Nullable String certFile, @Nullable String keyFile, @Nullable String clientCaFile) {
        if (certFile != null && keyFile != null) {
            return new ServerTls(certFile, keyFile, clientCaFile);
        }
        if (certFile != null) {
            throw new IllegalArgumentException(
                    "key_file is missing: cert_file needs the private key that belongs to it");
        }
        if (keyFile != null || clientCaFile != null) {
            throw new IllegalArgumentException("cert_file is missing: TLS needs cert_file and key_file");
        }
        return null;
    }

    /** Reads the files. The failure says which of them is wrong and how, without what is in it. */
    public SSLContext context() throws Failure.Fatal {
        try {
            Certificate[] chain = certificates("cert_file", certFile);
            PrivateKey key = key();
            if (!Pem.belongTogether(key, chain[0])) {
                throw new Failure.Fatal(
                        "key_file " + keyFile + " does not belong to the first certificate of cert_file " + certFile);
            }
            KeyStore keys = emptyStore();
            keys.setKeyEntry("server", key, NO_PASSWORD, chain);
            KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(keys, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), trust(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new Failure.Fatal(
                    "cert_file " + certFile + " and key_file " + keyFile + " cannot be used: " + e.getMessage(), e);
        }
    }

    private PrivateKey key() throws Failure.Fatal, GeneralSecurityException {
        String pem = text("key_file", keyFile);
        if (pem.contains("ENCRYPTED")) {
            throw new Failure.Fatal("key_file " + keyFile
                    + " is encrypted; write it without a password: openssl pkey -in OLD -out NEW");
        }
        try {
            return Pem.privateKey(PrivateKeyPem.toPkcs8(pem, null, "key_file " + keyFile));
        } catch (IOException e) {
            throw new Failure.Fatal(String.valueOf(e.getMessage()), e);
        }
    }

    private TrustManager @Nullable [] trust() throws Failure.Fatal, GeneralSecurityException {
        if (clientCaFile == null) {
            return null;
        }
        KeyStore store = emptyStore();
        Certificate[] authorities = certificates("client_ca_file", clientCaFile);
        for (int i = 0; i < authorities.length; i++) {
            store.setCertificateEntry("ca" + i, authorities[i]);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
        return store;
    }

    private static Certificate[] certificates(String setting, String file)
            throws Failure.Fatal, GeneralSecurityException {
        Certificate[] found = Pem.certificates(text(setting, file));
        if (found.length == 0) {
            throw new Failure.Fatal(setting + " " + file + " holds no certificate in PEM form");
        }
        return found;
    }

    private static String text(String setting, String file) throws Failure.Fatal {
        try {
            return Files.readString(Path.of(file), ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new Failure.Fatal(setting + " " + file + " does not exist", e);
        } catch (IOException e) {
            throw new Failure.Fatal(setting + " " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
