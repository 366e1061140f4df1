package io.deltaforge.source.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.postgresql.PGProperty;

/**
 * Where a server is and how to log in, read from a connection URI as libpq has it (PostgreSQL manual, "Connection URIs").
 *
 * <p>Neither its text nor any error of it holds the password.
 */
final class Dsn {
    private static final String EXAMPLE = "postgres://user:password@host:5432/database?sslmode=verify-full";

    private final List<String> hosts;
    private final String database;
    private final String user;
    private final Properties properties;

    private Dsn(List<String> hosts, String database, String user, Properties properties) {
        this.hosts = hosts;
        this.database = database;
        this.user = user;
        this.properties = properties;
    }

    /** @throws IllegalArgumentException it is no such URI; says why, and never repeats it */
    static Dsn parse(String uri) {
        int scheme = uri.startsWith("postgres://")
                ? "postgres://".length()
                : uri.startsWith("postgresql://") ? "postgresql://".length() : -1;
        if (scheme < 0) {
            throw new IllegalArgumentException("dsn must start with postgres:// or postgresql://, like " + EXAMPLE);
        }
        int query = indexOrEnd(uri, '?', scheme);
        int path = Math.min(indexOrEnd(uri, '/', scheme), query);
        String authority = uri.substring(scheme, path);
        int at = authority.lastIndexOf('@');

        Properties properties = new Properties();
        PGProperty.APPLICATION_NAME.set(properties, "deltaforge");
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.SSL_MODE.set(properties, "prefer");

        String user = "";
        if (at >= 0) {
            String login = authority.substring(0, at);
            int colon = indexOrEnd(login, ':', 0);
            user = decode(login.substring(0, colon), "the user");
            if (colon < login.length()) {
                PGProperty.PASSWORD.set(properties, decode(login.substring(colon + 1), "the password"));
            }
        }
        Parts parts = new Parts();
        parts.user = user;
        parts.hosts = hosts(authority.substring(at + 1));
        parts.database = path < query ? decode(uri.substring(path + 1, query), "the database") : "";
        if (query < uri.length()) {
            for (String pair : uri.substring(query + 1).split("&")) {
                int equals = pair.indexOf('=');
                if (equals <= 0) {
                    throw new IllegalArgumentException("dsn: a parameter after ? must be name=value");
                }
                String name = decode(pair.substring(0, equals), "a parameter's name");
                DsnParameters.set(name, decode(pair.substring(equals + 1), name), parts, properties);
            }
        }
        return build(parts, properties);
    }

    private static Dsn build(Parts parts, Properties properties) {
        if (parts.user.isEmpty()) {
            throw new IllegalArgumentException("dsn: no user; write " + EXAMPLE);
        }
        PGProperty.USER.set(properties, parts.user);
        String database = parts.database.isEmpty() ? parts.user : parts.database;
        return new Dsn(List.copyOf(parts.hosts), database, parts.user, properties);
    }

    /** What parameters may say again. */
    static final class Parts {
        String user = "";
        String database = "";
        List<String> hosts = List.of();
    }

    /** {@code host:port} each, with brackets around IPv6. */
    private static List<String> hosts(String authority) {
        List<String> hosts = new ArrayList<>();
        for (String host : authority.split(",", -1)) {
            int colon = host.lastIndexOf(':');
            boolean port = colon > host.lastIndexOf(']');
            String name = decode(port ? host.substring(0, colon) : host, "the host");
            String number = port ? host.substring(colon + 1) : "";
            if (name.startsWith("/") || name.startsWith("@")) {
                throw new IllegalArgumentException("dsn: Unix sockets are not supported, name a host");
            }
            if (name.indexOf(':') >= 0 && !(name.startsWith("[") && name.endsWith("]"))) {
                throw new IllegalArgumentException("dsn: put an IPv6 address in brackets, like [::1]:5432");
            }
            hosts.add((name.isEmpty() ? "localhost" : name) + ":" + port(number));
        }
        return hosts;
    }

    private static int port(String text) {
        if (text.isEmpty()) {
            return 5432;
        }
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port < 65536) {
                return port;
            }
        } catch (NumberFormatException e) {
            // said below; what stands there may be a piece of a password with an '@' in it
        }
        throw new IllegalArgumentException(
                "dsn: the port is not a number between 1 and 65535 (in a password, write @ as %40, : as %3A, / as %2F)");
    }

    private static int indexOrEnd(String text, char c, int from) {
        int index = text.indexOf(c, from);
        return index < 0 ? text.length() : index;
    }

    private static String decode(String text, String what) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] encoded = text.getBytes(UTF_8);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] != '%') {
                bytes.write(encoded[i]);
                continue;
            }
            int high = i + 2 <= encoded.length - 1 ? Character.digit(encoded[i + 1], 16) : -1;
            int low = i + 2 <= encoded.length - 1 ? Character.digit(encoded[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw new IllegalArgumentException(
                        "dsn: in " + what + " a % is not followed by two hexadecimal digits (write % itself as %25)");
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        try {
            return UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("dsn: " + what + " is not UTF-8 after percent-decoding", e);
        }
    }

    String database() {
        return database;
    }

    String user() {
        return user;
    }

    /** For messages: {@code host:5432/database}. */
    @Override
    public String toString() {
        return String.join(",", hosts) + "/" + database;
    }

    String jdbcUrl() {
        return "jdbc:postgresql://" + String.join(",", hosts) + "/" + URLEncoder.encode(database, UTF_8);
    }

    /** A copy; holds the password. */
    Properties properties() {
        Properties copy = new Properties();
        copy.putAll(properties);
        return copy;
    }
}
