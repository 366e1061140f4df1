package io.deltaforge.source.postgres;

import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.postgresql.PGProperty;

/** The parameters of a connection URI: libpq's names, put into pgjdbc's properties. */
final class DsnParameters {
    private DsnParameters() {}

    private static final List<String> SSL_MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    /** Known to libpq and without meaning or effect here; a URI that has them stays usable. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "client_encoding",
            "fallback_application_name",
            "keepalives_idle",
            "keepalives_interval",
            "keepalives_count",
            "tcp_user_timeout",
            "sslcompression",
            "sslsni");

    private static final String SUPPORTED = "sslmode, sslrootcert, sslcert, sslkey, sslpassword, sslnegotiation,"
            + " channel_binding, require_auth, gssencmode, krbsrvname, connect_timeout, application_name, options,"
            + " target_session_attrs, load_balance_hosts, keepalives, user, password, dbname";

    static void set(String name, String value, Dsn.Parts parts, Properties properties) {
        switch (name) {
            case "user" -> parts.user = value;
            case "password" -> PGProperty.PASSWORD.set(properties, value);
            case "dbname" -> parts.database = value;
            case "sslmode" -> PGProperty.SSL_MODE.set(properties, oneOf(name, value, SSL_MODES));
            case "sslrootcert" -> rootCertificates(value, properties);
            case "sslcert" -> PGProperty.SSL_CERT.set(properties, value);
            case "sslkey" -> PGProperty.SSL_KEY.set(properties, value);
            case "sslpassword" -> PGProperty.SSL_PASSWORD.set(properties, value);
            case "sslnegotiation" ->
                PGProperty.SSL_NEGOTIATION.set(properties, oneOf(name, value, List.of("postgres", "direct")));
            case "channel_binding" ->
                PGProperty.CHANNEL_BINDING.set(properties, oneOf(name, value, List.of("disable", "prefer", "require")));
            case "require_auth" -> PGProperty.REQUIRE_AUTH.set(properties, value);
            case "gssencmode" ->
                PGProperty.GSS_ENC_MODE.set(properties, oneOf(name, value, List.of("disable", "prefer", "require")));
            case "krbsrvname" -> PGProperty.KERBEROS_SERVER_NAME.set(properties, value);
            case "connect_timeout" -> PGProperty.CONNECT_TIMEOUT.set(properties, seconds(name, value));
            case "application_name" -> PGProperty.APPLICATION_NAME.set(properties, value);
            case "options" -> PGProperty.OPTIONS.set(properties, value);
            case "keepalives" -> PGProperty.TCP_KEEP_ALIVE.set(properties, !value.equals("0"));
            case "load_balance_hosts" ->
                PGProperty.LOAD_BALANCE_HOSTS.set(
                        properties,
                        oneOf(name, value, List.of("disable", "random")).equals("random"));
            case "target_session_attrs" -> PGProperty.TARGET_SERVER_TYPE.set(properties, serverType(name, value));
            default -> {
                if (!WITHOUT_EFFECT.contains(name)) {
                    throw new IllegalArgumentException(
                            "dsn: unknown parameter " + name + "; supported are " + SUPPORTED);
                }
            }
        }
    }

    private static void rootCertificates(String value, Properties properties) {
        if (value.equals("system")) {
            // what Java trusts; libpq too insists on verify-full with it
            PGProperty.SSL_FACTORY.set(properties, "org.postgresql.ssl.DefaultJavaSSLFactory");
            PGProperty.SSL_MODE.set(properties, "verify-full");
        } else {
            PGProperty.SSL_ROOT_CERT.set(properties, value);
        }
    }

    private static String serverType(String name, String value) {
        return switch (oneOf(
                name, value, List.of("any", "read-write", "read-only", "primary", "standby", "prefer-standby"))) {
            case "read-write", "primary" -> "primary";
            case "read-only", "standby" -> "secondary";
            case "prefer-standby" -> "preferSecondary";
            default -> "any";
        };
    }

    private static int seconds(String name, String value) {
        try {
            return Math.max(0, Integer.parseInt(value));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("dsn: " + name + " must be a number of seconds", e);
        }
    }

    private static String oneOf(String name, String value, List<String> allowed) {
        if (!allowed.contains(value)) {
            throw new IllegalArgumentException(
                    "dsn: " + name + " must be one of " + String.join(", ", allowed) + ", not '" + value + "'");
        }
        return value;
    }
}
