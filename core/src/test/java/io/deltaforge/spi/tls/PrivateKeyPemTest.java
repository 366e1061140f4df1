package io.deltaforge.spi.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class PrivateKeyPemTest {
    /** prime256v1, 1.2.840.10045.3.1.7. */
    private static final byte[] P256 = {0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x03, 0x01, 0x07};

    private static final int PKCS8_HEADER_OF_RSA_2048 = 26;

    /** Made for this test by {@code openssl pkcs8 -topk8}, OpenSSL 3: PBES2 with AES-256-CBC; the password is secret. */
    private static final String ENCRYPTED = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAj5rFMZ3+d7xgICCAAw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEPYq9+kssJ8qcthuPTrjBjYEgZDb
            iiAie8vVoHSy4Uj/KnIjmjlDjf4WS8HlTn8Z2x2iNT7nGdKoeX4J91bFN+V2Nnx4
            BkWKKU/epneKtn7Ylg6OPUg8R7R4L2GtInBx3k6Sxik+Byfyp/Fq2UUuwx4dBJpF
            kvte4Y+9j5filZ0S1kSXq5QQBEcIYdHch1WZ0BpZds/lpifILdcE6Z5ktSw++PA=
            -----END ENCRYPTED PRIVATE KEY-----
            """;

    private static final BigInteger ENCRYPTED_SECRET =
            new BigInteger("7a7bab472e83fd2a6e73f8173c4206564b0af4ff23e877ba11e586836f858eb5", 16);

    private static final KeyPair RSA = pair("RSA");
    private static final KeyPair EC = pair("EC");

    @Test
    void pkcs8StaysWhatItIs() throws Exception {
        String pem = pem("PRIVATE KEY", RSA.getPrivate().getEncoded());

        assertThat(read(PrivateKeyPem.toPkcs8(pem, null, "k")))
                .isEqualTo(RSA.getPrivate().getEncoded());
    }

    @Test
    void pkcs1IsWrapped() throws Exception {
        byte[] pkcs8 = RSA.getPrivate().getEncoded();
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, PKCS8_HEADER_OF_RSA_2048, pkcs8.length);

        assertThat(read(PrivateKeyPem.toPkcs8(pem("RSA PRIVATE KEY", pkcs1), null, "k")))
                .isEqualTo(pkcs8);
    }

    @Test
    void sec1IsWrappedWithTheCurveThatItNames() throws Exception {
        byte[] wrapped = read(PrivateKeyPem.toPkcs8(pem("EC PRIVATE KEY", sec1(P256)), null, "k"));

        assertThat(secretOf(wrapped)).isEqualTo(((ECPrivateKey) EC.getPrivate()).getS());
    }

    @Test
    void sec1IsWrappedWithTheCurveInABlockOfItsOwn() throws Exception {
        String pem = pem("EC PARAMETERS", P256) + pem("EC PRIVATE KEY", sec1(new byte[0]));

        byte[] wrapped = read(PrivateKeyPem.toPkcs8(pem, null, "k"));

        assertThat(secretOf(wrapped)).isEqualTo(((ECPrivateKey) EC.getPrivate()).getS());
    }

    @Test
    void aKeyThatOpenSslEncryptedIsDecrypted() throws Exception {
        byte[] decrypted = read(PrivateKeyPem.toPkcs8(ENCRYPTED, "secret", "k"));

        assertThat(secretOf(decrypted)).isEqualTo(ENCRYPTED_SECRET);
    }

    @Test
    void aWrongPasswordIsToldWithoutShowingIt() {
        assertThatThrownBy(() -> PrivateKeyPem.toPkcs8(ENCRYPTED, "wr0ng", "client.key"))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessage("client.key cannot be decrypted: is ssl.key.password right?");
        assertThatThrownBy(() -> PrivateKeyPem.toPkcs8(ENCRYPTED, null, "client.key"))
                .isInstanceOf(IOException.class)
                .hasMessage("client.key is encrypted: ssl.key.password is missing");
    }

    @Test
    void aPasswordForAPlainKeyDoesNoHarm() throws Exception {
        String pem = pem("PRIVATE KEY", RSA.getPrivate().getEncoded());

        assertThat(read(PrivateKeyPem.toPkcs8(pem, "unused", "k")))
                .isEqualTo(RSA.getPrivate().getEncoded());
    }

    @Test
    void whatIsNoKeyIsSaidToBeNone() {
        assertThatThrownBy(() -> PrivateKeyPem.toPkcs8("hello", null, "client.key"))
                .hasMessage("client.key holds no private key in PEM form");
        String oldWay = """
                -----BEGIN RSA PRIVATE KEY-----
                Proc-Type: 4,ENCRYPTED
                DEK-Info: AES-256-CBC,00

                AAAA
                -----END RSA PRIVATE KEY-----
                """;
        assertThatThrownBy(() -> PrivateKeyPem.toPkcs8(oldWay, "x", "client.key"))
                .hasMessageContaining("openssl pkcs8 -topk8 -in client.key");
    }

    /** ECPrivateKey of RFC 5915, with or without its parameters. */
    private static byte[] sec1(byte[] curve) {
        byte[] s = ((ECPrivateKey) EC.getPrivate()).getS().toByteArray();
        byte[] secret = new byte[32];
        int length = Math.min(32, s.length);
        System.arraycopy(s, s.length - length, secret, 32 - length, length);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(new byte[] {0x02, 0x01, 0x01, 0x04, 32});
        body.writeBytes(secret);
        if (curve.length > 0) {
            body.write(0xA0);
            body.write(curve.length);
            body.writeBytes(curve);
        }
        ByteArrayOutputStream sequence = new ByteArrayOutputStream();
        sequence.write(0x30);
        sequence.write(body.size());
        sequence.writeBytes(body.toByteArray());
        return sequence.toByteArray();
    }

    private static BigInteger secretOf(byte[] pkcs8) throws GeneralSecurityException {
        return ((ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8))).getS();
    }

    private static byte[] read(String pem) {
        assertThat(pem).startsWith("-----BEGIN PRIVATE KEY-----\n").endsWith("-----END PRIVATE KEY-----\n");
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }

    private static KeyPair pair(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            } else {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
