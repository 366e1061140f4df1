package io.deltaforge.sink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/** An OAuth 2 server that gives tokens to one client (RFC 6749 §4.4) and publishes the key they are signed with (RFC 7517). */
final class TokenIssuer implements AutoCloseable {
    static final String CLIENT = "forge";
    static final String SECRET = "t0ken-secret";
    static final String AUDIENCE = "kafka";

    private static final String KEY_ID = "k1";

    private final HttpServer server;
    private final KeyPair keys;

    private TokenIssuer(HttpServer server, KeyPair keys) {
        this.server = server;
        this.keys = keys;
    }

    static TokenIssuer start() throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        TokenIssuer issuer = new TokenIssuer(server, generator.generateKeyPair());
        server.createContext("/token", issuer::giveToken);
        server.createContext("/jwks", exchange -> answer(exchange, 200, issuer.publicKeys()));
        server.start();
        return issuer;
    }

    String tokenUrl() {
        return url() + "/token";
    }

    String keysUrl() {
        return url() + "/jwks";
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void giveToken(HttpExchange exchange) throws IOException {
        String login = exchange.getRequestHeaders().getFirst("Authorization");
        String expected = "Basic " + Base64.getEncoder().encodeToString((CLIENT + ":" + SECRET).getBytes(UTF_8));
        if (!expected.equals(login)) {
            answer(exchange, 401, "{\"error\":\"invalid_client\"}");
            return;
        }
        long now = Instant.now().getEpochSecond();
        String claims = "{\"iss\":\"" + url() + "\",\"aud\":\"" + AUDIENCE + "\",\"sub\":\"" + CLIENT
                + "\",\"scope\":\"kafka\",\"iat\":" + now + ",\"exp\":" + (now + 600) + "}";
        answer(
                exchange,
                200,
                "{\"token_type\":\"Bearer\",\"expires_in\":600,\"access_token\":\"" + signed(claims) + "\"}");
    }

    private String signed(String claims) {
        String head = base64("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"k1\"}".getBytes(UTF_8));
        String text = head + "." + base64(claims.getBytes(UTF_8));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update(text.getBytes(UTF_8));
            return text + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private String publicKeys() {
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        return "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"" + KEY_ID + "\",\"n\":\""
                + base64(unsigned(key.getModulus())) + "\",\"e\":\"" + base64(unsigned(key.getPublicExponent()))
                + "\"}]}";
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
