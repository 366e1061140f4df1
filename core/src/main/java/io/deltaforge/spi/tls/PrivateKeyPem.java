package io.deltaforge.spi.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Private keys in the PEM forms that OpenSSL reads, as the one that the Java client reads: PKCS#8 (RFC 5208), not
 * encrypted. PKCS#1 is RFC 8017, appendix A.1.2; SEC1 is RFC 5915. No message quotes the key.
 */
public final class PrivateKeyPem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private static final int INTEGER = 0x02;
    private static final int OCTET_STRING = 0x04;
    private static final int SEQUENCE = 0x30;
    /** ECPrivateKey's {@code parameters [0]}. */
    private static final int EC_PARAMETERS = 0xA0;
    /** The object identifier 1.2.840.113549.1.1.1 and NULL. */
    private static final byte[] RSA = {
        0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    /** The object identifier 1.2.840.10045.2.1. */
    private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    private PrivateKeyPem() {}

    /**
     * The first private key in the text.
     *
     * @param password of an encrypted key; not needed for others
     * @param where names the text in messages
     */
    public static String toPkcs8(String text, @Nullable String password, String where)
            throws IOException, GeneralSecurityException {
        byte[] curve = new byte[0];
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            String label = block.group(1);
            String body = block.group(2);
            switch (label) {
                case "EC PARAMETERS" -> curve = decode(body, where);
                case "PRIVATE KEY" -> {
                    return pem(decode(body, where));
                }
                case "ENCRYPTED PRIVATE KEY" -> {
                    return pem(decrypted(decode(body, where), password, where));
                }
                case "RSA PRIVATE KEY" -> {
                    return pem(pkcs8(RSA, plain(body, where)));
                }
                case "EC PRIVATE KEY" -> {
                    byte[] sec1 = plain(body, where);
                    return pem(pkcs8(concat(EC, curveOf(sec1, curve, where)), sec1));
                }
                default -> {
                    // a certificate in the same file, or parameters that nobody needs
                }
            }
        }
        throw new IOException(where + " holds no private key in PEM form");
    }

    /** The Base64 of a key in OpenSSL's older forms, which encrypt in a way of their own. */
    private static byte[] plain(String body, String where) throws IOException {
        if (body.contains("ENCRYPTED")) {
            throw new IOException(where + " is encrypted in OpenSSL's old way; convert it: openssl pkcs8 -topk8 -in "
                    + where + " -out new.key");
        }
        return decode(body, where);
    }

    private static byte[] decode(String body, String where) throws IOException {
        try {
            return Base64.getMimeDecoder().decode(body.strip());
        } catch (IllegalArgumentException e) {
            throw new IOException(where + " is not Base64 between its BEGIN and END", e);
        }
    }

    private static byte[] decrypted(byte[] encrypted, @Nullable String password, String where)
            throws IOException, GeneralSecurityException {
        if (password == null) {
            throw new IOException(where + " is encrypted: ssl.key.password is missing");
        }
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encrypted);
        AlgorithmParameters parameters = info.getAlgParameters();
        // PBES2 is a frame; the JDK names the algorithm in it only here
        String algorithm =
                info.getAlgName().startsWith("PBES2") || info.getAlgName().equals("1.2.840.113549.1.5.13")
                        ? parameters.toString()
                        : info.getAlgName();
        PBEKeySpec keySpec = new PBEKeySpec(password.toCharArray());
        try {
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE, SecretKeyFactory.getInstance(algorithm).generateSecret(keySpec), parameters);
            return info.getKeySpec(cipher).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new GeneralSecurityException(where + " cannot be decrypted: is ssl.key.password right?", e);
        } finally {
            keySpec.clearPassword();
        }
    }

    /** Version 0, the algorithm, and the key in its own form. */
    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        return der(
                SEQUENCE, concat(concat(der(INTEGER, new byte[1]), der(SEQUENCE, algorithm)), der(OCTET_STRING, key)));
    }

    /** The curve's object identifier: named in the key, or in a block of its own before it. */
    private static byte[] curveOf(byte[] sec1, byte[] separate, String where) throws IOException {
        try {
            int at = contentAt(sec1, 0);
            while (at < sec1.length) {
                int content = contentAt(sec1, at);
                int end = content + lengthAt(sec1, at);
                if ((sec1[at] & 0xff) == EC_PARAMETERS) {
                    return Arrays.copyOfRange(sec1, content, end);
                }
                at = end;
            }
        } catch (IndexOutOfBoundsException e) {
            throw new IOException(where + " is cut off", e);
        }
        if (separate.length == 0) {
            throw new IOException(where + " does not name its curve");
        }
        return separate;
    }

    private static int contentAt(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int lengthAt(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7f); i++) {
            length = (length << 8) | (der[at + 2 + i] & 0xff);
        }
        return length;
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 6);
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            int bytes = (39 - Integer.numberOfLeadingZeros(content.length)) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(content.length >>> (8 * i));
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static String pem(byte[] pkcs8) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(pkcs8)
                + "\n-----END PRIVATE KEY-----\n";
    }
}
