package io.deltaforge.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.house.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** .mvn/find-jdk.sh, asked for a Java that no machine has yet: 97 or newer. 97 is a long-term release, 98 and 99 are not. */
final class FindJavaTest {
    @TempDir
    Path home;

    private ProcessBuilder search;

    @BeforeEach
    void askForJava97() {
        search = new ProcessBuilder();
        search.environment().keySet().removeIf(name -> !name.equals("PATH"));
        search.environment().put("HOME", home.toString());
    }

    @Test
    void javaHomeComesFirst() throws Exception {
        search.environment().put("JAVA_HOME", install("opt/jdk-98", 98).toString());
        install(".sdkman/candidates/java/99", 99);

        assertThat(found("jre")).isEqualTo("98 " + home.resolve("opt/jdk-98"));
    }

    @Test
    void thePathComesNext() throws Exception {
        install("opt/jdk-98", 98);
        search.environment().put("PATH", home.resolve("opt/jdk-98/bin") + ":" + System.getenv("PATH"));
        install(".sdkman/candidates/java/99", 99);

        assertThat(found("jre")).isEqualTo("98 " + home.resolve("opt/jdk-98").toRealPath());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".sdkman/candidates/java/97.0.1-tem",
                ".asdf/installs/java/temurin-97.0.1",
                ".local/share/mise/installs/java/97",
                ".jenv/versions/97",
                ".jdks/temurin-97",
                "Library/Java/JavaVirtualMachines/temurin-97.jdk/Contents/Home"
            })
    void versionManagersAreAsked(String place) throws Exception {
        install(place, 97);

        assertThat(found("jdk")).isEqualTo("97 " + home.resolve(place));
    }

    @Test
    void aTooOldJavaHomeIsPassedOver() throws Exception {
        search.environment().put("JAVA_HOME", install("opt/jdk-20", 20).toString());
        install(".asdf/installs/java/97", 97);

        assertThat(found("jre")).startsWith("97 ");
    }

    @Test
    void aLongTermReleaseBeatsANewerOne() throws Exception {
        install(".sdkman/candidates/java/98", 98);
        install(".sdkman/candidates/java/97", 97);
        install(".jdks/99", 99);

        assertThat(found("jre")).startsWith("97 ");
    }

    @Test
    void withoutALongTermReleaseTheNewestIsTaken() throws Exception {
        install(".sdkman/candidates/java/99", 99);
        install(".jdks/98", 98);

        assertThat(found("jre")).startsWith("99 ");
    }

    @Test
    void onlyAJdkCanBuild() throws Exception {
        Path runtime = install(".sdkman/candidates/java/97", 97);
        Files.delete(runtime.resolve("bin/javac"));
        install(".jdks/98", 98);

        assertThat(found("jre")).startsWith("97 ");
        assertThat(found("jdk")).startsWith("98 ");
    }

    @Test
    void theErrorSaysWhereItLookedAndWhatToInstall() throws Exception {
        search.environment().put("JAVA_HOME", install("opt/jdk-20", 20).toString());
        install(".sdkman/candidates/java/8", 8);

        assertThat(found("jdk"))
                .contains("a JDK (a Java with its compiler, javac), version 97 or newer, and found none")
                .contains("JAVA_HOME=" + home.resolve("opt/jdk-20") + ": Java 20")
                .contains(".sdkman/candidates/java/8: Java 8")
                .contains("/usr/lib/jvm", "~/.asdf", "Homebrew")
                .contains("apt install", "dnf install", "brew install", "sdk install");
    }

    /** Version and home, or what it said if there was none. */
    private String found(String kind) throws IOException, InterruptedException {
        String finder = Repository.root().resolve(".mvn/find-jdk.sh").toString();
        search.command(List.of(
                "sh", "-euc", ". '" + finder + "'; find_java 97 " + kind + " test; echo $java_major $java_home"));
        Process shell = search.redirectErrorStream(true).start();
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        shell.waitFor();
        return said.strip();
    }

    private Path install(String place, int version) throws IOException {
        Path java = home.resolve(place);
        Files.createDirectories(java.resolve("bin"));
        String versionText = version == 8 ? "8.0.392" : version + ".0.1";
        Files.writeString(java.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + versionText + "\"\n");
        for (String tool : List.of("java", "javac")) {
            Path file = Files.writeString(java.resolve("bin").resolve(tool), "#!/bin/sh\nexit 1\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        return java;
    }
}
