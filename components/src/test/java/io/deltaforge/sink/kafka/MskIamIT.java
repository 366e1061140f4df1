package io.deltaforge.sink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Amazon's login with its real jar: as far as a broker that is not Amazon's goes. */
class MskIamIT {
    private static final Path PLUGINS = Path.of("target", "plugins");

    @TempDir
    static Path files;

    private static SecureKafka kafka;

    @BeforeAll
    static void start() throws Exception {
        kafka = SecureKafka.start(files);
        Identity.writeTrust(kafka.authority().certificate(), kafka.file("jvm.p12"), "PKCS12", "changeit");
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void withItsJarInPluginsTheLoginIsTried() throws Exception {
        Path jar;
        try (Stream<Path> jars = Files.list(PLUGINS)) {
            jar = jars.filter(file -> file.getFileName().toString().startsWith("aws-msk-iam-auth"))
                    .findFirst()
                    .orElseThrow();
        }

        assertThat(login(File.pathSeparator + jar.toAbsolutePath()))
                .hasSize(2)
                .startsWith("the producer is built")
                .last()
                .asString()
                .startsWith(
                        "Fatal: the login method is not one of the broker's: Client SASL mechanism 'AWS_MSK_IAM' not"
                                + " enabled in the server, enabled mechanisms are [");
    }

    @Test
    void withoutItTheMessageSaysWhichJarToPutWhere() throws Exception {
        assertThat(login(""))
                .singleElement()
                .asString()
                .startsWith("Fatal: sasl.")
                .endsWith(", which is not on the class path: put aws-msk-iam-auth-<version>-all.jar"
                        + " (software.amazon.msk:aws-msk-iam-auth) into plugins/ and start again");
    }

    /** What {@link MskLogin} says when the JVM trusts the broker as it trusts Amazon. */
    private static List<String> login(String moreClassPath) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djavax.net.ssl.trustStore=" + kafka.file("jvm.p12"),
                        "-Djavax.net.ssl.trustStorePassword=changeit",
                        "-cp",
                        System.getProperty("java.class.path") + moreClassPath,
                        MskLogin.class.getName(),
                        kafka.cluster().bootstrapServers(SecureKafka.TLS_LOGIN))
                .redirectErrorStream(true);
        builder.environment().put("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
        builder.environment().put("AWS_SECRET_ACCESS_KEY", "example");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return output.lines()
                .filter(line -> line.startsWith("SAID "))
                .map(line -> line.substring(5))
                .toList();
    }
}
