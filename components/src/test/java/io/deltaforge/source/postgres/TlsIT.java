package io.deltaforge.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.sandbox.FaultProxy;
import io.deltaforge.sandbox.PostgresOptions;
import io.deltaforge.sandbox.PostgresServer;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS as the DSN asks for it, against a server whose certificate is for localhost and signed by itself. */
class TlsIT {
    private static final String PASSWORD = "changeit";

    @TempDir
    private static Path directory;

    private static PostgresServer server;
    private static Path trusted;
    private static Path stranger;

    @BeforeAll
    static void startServerWithTls() throws Exception {
        Path keys = makeKeys("server");
        trusted = certificate(keys, "server");
        stranger = certificate(makeKeys("stranger"), "stranger");
        server = PostgresServer.start(PostgresOptions.defaults());
        // the server writes the files itself: they must belong to its user, and the key be readable by nobody else
        copyToServer("server.crt", Files.readString(trusted));
        copyToServer("server.key", privateKey(keys, "server"));
        server.execute("ALTER SYSTEM SET ssl = on");
        server.restart();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static Path makeKeys(String name) throws Exception {
        Path store = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
        return store;
    }

    private static KeyStore open(Path store) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static Path certificate(Path store, String alias) throws Exception {
        String pem = pem("CERTIFICATE", open(store).getCertificate(alias).getEncoded());
        return Files.writeString(directory.resolve(alias + ".crt"), pem);
    }

    private static String privateKey(Path store, String alias) throws Exception {
        return pem(
                "PRIVATE KEY", open(store).getKey(alias, PASSWORD.toCharArray()).getEncoded());
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + kind
                + "-----\n";
    }

    private static void copyToServer(String file, String content) throws Exception {
        server.execute("COPY (SELECT unnest(string_to_array('" + content.strip() + "', E'\\n'))) TO PROGRAM 'umask 077;"
                + " cat > " + file + "'");
    }

    private static PostgresSourceConfig config(TestDatabase database, String host, int port, String parameters) {
        String dsn = database.config("public.orders")
                        .dsn()
                        .reveal()
                        .replace("@127.0.0.1:" + server.port() + "/", "@" + host + ":" + port + "/")
                + "?" + parameters;
        return database.config(dsn, new StartPosition.Earliest(), "public.orders");
    }

    private static TestDatabase database() throws Exception {
        return new TestDatabase(server, "CREATE TABLE orders (id int PRIMARY KEY, note text)");
    }

    @Test
    void aVerifiedServerIsReadOverTlsOnBothConnections() throws Exception {
        try (TestDatabase database = database();
                RunningSource source = new RunningSource(
                                config(
                                        database,
                                        "localhost",
                                        server.port(),
                                        "sslmode=verify-full&sslrootcert=" + trusted),
                                new RecordingFeed())
                        .awaitStarted()) {
            database.execute("INSERT INTO orders VALUES (1, 'x')");

            source.awaitEvents(1);

            assertThat(database.one("SELECT string_agg(DISTINCT ssl::text, ',') || count(*) FROM pg_stat_ssl JOIN"
                            + " pg_stat_activity USING (pid) WHERE application_name = 'deltaforge'"))
                    .isEqualTo("true2");
        }
    }

    @Test
    void recordsThatArriveInPiecesAreReadWhole() throws Exception {
        try (TestDatabase database = database();
                FaultProxy proxy = FaultProxy.to(server.host(), server.port());
                RunningSource source = new RunningSource(
                                config(database, "localhost", proxy.port(), "sslmode=require"), new RecordingFeed())
                        .awaitStarted()) {
            // polls wait 1 ms for data, so at this speed most of them give up in the middle of a TLS record
            proxy.slow(300_000);
            database.execute("INSERT INTO orders SELECT n, repeat('x', 1000) FROM generate_series(1, 2000) n");

            assertThat(source.awaitEvents(2_000).changes().getLast().after().text(0))
                    .isEqualTo("2000");
            assertThat(source.retried()).isEmpty();
        }
    }

    @Test
    void aServerWithAnUnknownCertificateIsRefused() throws Exception {
        try (TestDatabase database = database();
                RunningSource source = new RunningSource(
                        config(database, "localhost", server.port(), "sslmode=verify-ca&sslrootcert=" + stranger),
                        new RecordingFeed())) {
            assertThat(source.awaitFatal()).hasMessageContaining("sslrootcert");
        }
    }

    @Test
    void aCertificateOfAnotherHostIsRefused() throws Exception {
        try (TestDatabase database = database();
                RunningSource source = new RunningSource(
                        config(database, "127.0.0.1", server.port(), "sslmode=verify-full&sslrootcert=" + trusted),
                        new RecordingFeed())) {
            assertThat(source.awaitFatal()).hasMessageContaining("127.0.0.1").hasMessageContaining("sslmode");
        }
    }

    @Test
    void aMissingRootCertificateIsNamed() throws Exception {
        try (TestDatabase database = database();
                RunningSource source = new RunningSource(
                        config(database, "localhost", server.port(), "sslmode=verify-ca&sslrootcert=/nowhere/ca.pem"),
                        new RecordingFeed())) {
            assertThat(source.awaitFatal()).hasMessageContaining("/nowhere/ca.pem");
        }
    }
}
