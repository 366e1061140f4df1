package io.deltaforge.source.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which files patterns mean, and what is said of settings that cannot be meant. */
class LogsSourceConfigTest {
    private static boolean matches(String pattern, String path) {
        return Globs.parse("include", List.of(pattern)).match(Path.of(path));
    }

    @Test
    void patterns() {
        assertThat(matches("/var/log/*.log", "/var/log/app.log")).isTrue();
        assertThat(matches("/var/log/*.log", "/var/log/app/x.log")).isFalse();
        assertThat(matches("/var/log/**/*.log", "/var/log/app.log")).isTrue();
        assertThat(matches("/var/log/**/*.log", "/var/log/a/b/c.log")).isTrue();
        assertThat(matches("/var/log/**", "/var/log/a/b/c")).isTrue();
        assertThat(matches("/var/*/x/**/y?.{log,txt}", "/var/a/x/b/y1.txt")).isTrue();
        assertThat(matches("/var/*/x/**/y?.{log,txt}", "/var/a/z/b/y1.txt")).isFalse();
        assertThat(matches("/var/log/app.log", "/var/log/app.log")).isTrue();
        assertThat(Globs.parse("exclude", List.of("debug.log")).match(Path.of("/var/log/a/debug.log")))
                .isTrue();
    }

    @Test
    void mistakesAreToldWithWhatToWrite() {
        assertThatThrownBy(() -> Settings.of(Path.of("/var/log")))
                .hasMessage("include must name the files to read, e.g. include: [/var/log/app/*.log]");
        assertThatThrownBy(() -> Globs.parse("include", List.of("/var/log/")))
                .hasMessage(
                        "include: \"/var/log/\" names a directory; say which files of it, e.g. /var/log/*.log, or with"
                                + " its subdirectories /var/log/**/*.log");
        assertThatThrownBy(() -> Globs.parse("include", List.of("/var/{a/b,c}.log")))
                .hasMessageContaining("is no pattern");
        assertThatThrownBy(() -> new LogsSourceConfig.Multiline(null, null, Duration.ofSeconds(1)))
                .hasMessage("multiline needs either start or continuation, e.g. start: '^[0-9]{4}-'");
        assertThatThrownBy(() -> new LogsSourceConfig.Multiline("(", null, Duration.ofSeconds(1)))
                .hasMessageContaining("multiline.start: Unclosed group");
    }
}
