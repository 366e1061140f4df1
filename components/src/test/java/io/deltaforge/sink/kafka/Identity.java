package io.deltaforge.sink.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.util.io.pem.PemGenerationException;

/** A key with its certificate, in the forms that files of them have. */
public record Identity(PrivateKey key, X509Certificate certificate) {

    /** Key and certificate in one file, as a broker takes them. */
    public Path writeBoth(Path file) throws IOException {
        return Files.writeString(file, pkcs8() + pem(certificate));
    }

    public Path writeCertificate(Path file) throws IOException {
        return Files.writeString(file, pem(certificate));
    }

    public Path writeKey(Path file) throws IOException {
        return Files.writeString(file, pkcs8());
    }

    /** {@code BEGIN RSA PRIVATE KEY}. */
    public Path writePkcs1Key(Path file) throws IOException {
        return Files.writeString(file, pem(key));
    }

    /** {@code BEGIN ENCRYPTED PRIVATE KEY}. */
    public Path writeEncryptedKey(Path file, String password) throws IOException {
        try {
            OutputEncryptor encryptor = new JceOpenSSLPKCS8EncryptorBuilder(JcaPKCS8Generator.AES_256_CBC)
                    .setProvider(new BouncyCastleProvider()) // the JDK's own calls the padding by another name
                    .setPassword(password.toCharArray())
                    .build();
            return Files.writeString(file, pem(new JcaPKCS8Generator(key, encryptor)));
        } catch (OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    /** @param type JKS or PKCS12 */
    public Path writeStore(Path file, String type, String password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        store.setKeyEntry("me", key, password.toCharArray(), new Certificate[] {certificate});
        return write(store, file, password);
    }

    /** @param type JKS or PKCS12 */
    static Path writeTrust(X509Certificate authority, Path file, String type, String password)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        store.setCertificateEntry("authority", authority);
        return write(store, file, password);
    }

    private static Path write(KeyStore store, Path file, String password) throws IOException, GeneralSecurityException {
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }
        return file;
    }

    private String pkcs8() throws PemGenerationException {
        return pem(new JcaPKCS8Generator(key, null));
    }

    static String pem(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return text.toString();
    }
}
