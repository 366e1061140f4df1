package io.deltaforge.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.house.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ./deltaforge in a small repository of its own, with a Java that prints what it is told and a build that only says so. */
final class LauncherTest {
    @TempDir
    Path directory;

    private Path repository;
    private ProcessBuilder start;

    @BeforeEach
    void makeRepository() throws IOException {
        repository = Files.createDirectories(directory.resolve("a repository"));
        start = new ProcessBuilder().redirectErrorStream(true);
        start.environment().keySet().removeIf(name -> !name.equals("PATH"));
        start.environment().put("HOME", directory.toString());
        useJava(25);

        for (String file : List.of("deltaforge", ".mvn/find-jdk.sh", "LICENSE", "examples/postgres-to-kafka.yaml")) {
            Path copy = repository.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(Repository.root().resolve(file), copy);
        }
        Files.writeString(repository.resolve("pom.xml"), "<project/>");
        Files.createDirectories(repository.resolve("core/src/main"));
        Files.writeString(repository.resolve("core/pom.xml"), "<project/>");
        buildDoes("""
                cd "$(dirname "$0")"
                echo built >>builds
                for folder in lib sandbox bench; do
                    mkdir -p app/target/stage/$folder
                    : >app/target/stage/$folder/$folder.jar
                done
                """);
    }

    @Test
    void theFirstStartBuildsAndSaysSo() throws Exception {
        String said = deltaforge("version");

        assertThat(said).contains("deltaforge: building (first run").contains("deltaforge: built in");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void theNextStartDoesNotBuild() throws Exception {
        deltaforge("version");

        String said = deltaforge("version");

        assertThat(said).doesNotContain("building");
        assertThat(builds()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pom.xml", "core/pom.xml", "core/src/main/New.java"})
    void aNewerSourceBuildsAgain(String source) throws Exception {
        deltaforge("version");
        Path file = repository.resolve(source);
        Files.writeString(file, "changed");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));

        String said = deltaforge("version");

        assertThat(said).contains("deltaforge: building (the sources changed");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void ofTwoStartsAtOnceOneBuilds() throws Exception {
        Process first = command("version").start();
        Process second = command("version").start();

        assertThat(output(first)).endsWith("\nversion");
        assertThat(output(second)).endsWith("\nversion");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void aBuildThatDiedDoesNotBlockTheNext() throws Exception {
        Path lock = Files.createDirectories(repository.resolve("target/build.lock"));
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.writeString(lock.resolve("pid"), dead.pid() + "\n");

        assertThat(deltaforge("version")).contains("deltaforge: built in");
    }

    @Test
    void aFailedBuildShowsWhyAndStartsNothing() throws Exception {
        buildDoes("echo '[INFO] much'; echo '[ERROR] Main.java: no good'; exit 1");

        Process process = command("version").start();

        assertThat(output(process))
                .contains("[ERROR] Main.java: no good")
                .contains("the build failed; all of its output is in")
                .doesNotContain("[INFO]", "io.deltaforge.cli.Main");
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(repository.resolve("target/build.lock")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"run, lib", "validate, lib", "version, lib", "sandbox, lib sandbox bench", "bench, lib sandbox bench"})
    void eachCommandSeesTheJarsItNeeds(String command, String folders) throws Exception {
        String dist = repository.toRealPath() + "/app/target/dist/";
        List<String> jars = new ArrayList<>();
        for (String folder : folders.split(" ", -1)) {
            jars.add(dist + folder + "/" + folder + ".jar");
        }

        assertThat(arguments(command))
                .containsSequence("-cp", String.join(":", jars), "io.deltaforge.cli.Main", command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "validate", "sandbox"})
    void jarsOfTheUsersComeLastAndSurviveABuild(String command) throws Exception {
        Path plugin = Files.createDirectories(repository.resolve("plugins")).resolve("login.jar");
        Files.writeString(plugin, "");

        List<String> arguments = arguments(command);

        assertThat(arguments.get(arguments.indexOf("-cp") + 1))
                .contains("/app/target/dist/lib/lib.jar:")
                .endsWith(":" + plugin.toRealPath());
    }

    @Test
    void argumentsArePassedOnAsTheyAre() throws Exception {
        assertThat(arguments("run", "my file.yaml", "", "*")).endsWith("run", "my file.yaml", "", "*");
    }

    @Test
    void javaFrom25OnGetsAnAotCacheAndCompactHeaders() throws Exception {
        assertThat(arguments("run"))
                .contains("-XX:+UseCompactObjectHeaders", "-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow")
                .anyMatch(option -> option.startsWith("-XX:AOTCache=") && option.endsWith("/java-25.0.1.aot"));
    }

    @Test
    void java21GetsAClassDataArchiveAndNothingItDoesNotKnow() throws Exception {
        useJava(21);

        assertThat(arguments("run"))
                .contains("-XX:+UseSerialGC")
                .doesNotContain("-XX:+UseCompactObjectHeaders", "--sun-misc-unsafe-memory-access=allow")
                .anyMatch(option -> option.startsWith("-XX:SharedArchiveFile=") && option.endsWith("/java-21.0.1.jsa"))
                .noneMatch(option -> option.contains("AOT") || option.contains("aot"));
    }

    @Test
    void ownOptionsComeLastAndAnotherCollectorReplacesOurs() throws Exception {
        start.environment().put("DELTAFORGE_OPTS", "-Xmx1g -XX:+UseZGC");

        List<String> arguments = arguments("run");

        assertThat(arguments).contains("-XX:+UseZGC").doesNotContain("-XX:+UseSerialGC");
        assertThat(arguments.lastIndexOf("-Xmx1g")).isGreaterThan(arguments.lastIndexOf("-Xmx136m"));
    }

    @ParameterizedTest
    @CsvSource({"LANG, '', C.UTF-8", "LANG, C, C.UTF-8", "LC_ALL, POSIX, C.UTF-8", "LANG, de_DE.ISO-8859-1, ''"})
    void withoutALocaleNamesOfFilesAreUtf8(String variable, String value, String locale) throws Exception {
        deltaforge("version");
        executable(directory.resolve("jdk-25/bin/java"), "echo \"locale=$LC_ALL\"");
        start.environment().put(variable, value);

        assertThat(deltaforge("run")).isEqualTo("locale=" + locale);
    }

    @Test
    void anUnpackedDistributionRunsWithoutSources() throws Exception {
        deltaforge("version");
        Path unpacked = directory.resolve("unpacked");
        Files.move(repository.resolve("app/target/dist"), unpacked);
        Path plugin = Files.createDirectory(unpacked.resolve("plugins")).resolve("login.jar");
        Files.writeString(plugin, "");
        Path link = Files.createSymbolicLink(directory.resolve("df"), unpacked.resolve("deltaforge"));

        String said = output(start.command(link.toString(), "run").start());

        assertThat(said)
                .contains(unpacked.toRealPath() + "/lib/lib.jar:" + plugin.toRealPath() + "\n")
                .doesNotContain("building", "sandbox.jar");
    }

    private String deltaforge(String... arguments) throws Exception {
        return output(command(arguments).start());
    }

    /** What the Java process was given, once everything is built. */
    private List<String> arguments(String... arguments) throws Exception {
        deltaforge("version");
        return Arrays.asList(deltaforge(arguments).split("\n", -1));
    }

    private ProcessBuilder command(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(repository.resolve("deltaforge").toString()));
        command.addAll(List.of(arguments));
        return start.command(command);
    }

    private static String output(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.stripTrailing();
    }

    private int builds() throws IOException {
        return Files.readAllLines(repository.resolve("builds")).size();
    }

    private void buildDoes(String script) throws IOException {
        executable(repository.resolve("mvnw"), script);
    }

    /** A Java that prints its arguments, one a line, and makes the archive when it is asked to. */
    private void useJava(int version) throws IOException {
        Path java = Files.createDirectories(directory.resolve("jdk-" + version));
        Files.createDirectories(java.resolve("bin"));
        Files.writeString(java.resolve("release"), "JAVA_VERSION=\"" + version + ".0.1\"\n");
        executable(java.resolve("bin/java"), """
                for argument; do
                    case $argument in
                        -XX:AOTCacheOutput=* | -XX:ArchiveClassesAtExit=*) echo archive >"${argument#*=}" ;;
                    esac
                done
                printf '%s\\n' "$@"
                """);
        start.environment().put("JAVA_HOME", java.toString());
    }

    private static void executable(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
