package io.deltaforge.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** What README shows is what works: its pipeline is the example that a test runs. */
final class ReadmeTest {
    @Test
    void thePipelineIsTheExample() throws IOException {
        String readme = Files.readString(Repository.root().resolve("README.md"));
        String example = Files.readString(Repository.root().resolve("examples/postgres-to-kafka.yaml"));

        String shown = readme.substring(readme.indexOf("```yaml\n") + "```yaml\n".length());
        assertThat(shown.substring(0, shown.indexOf("```"))).isEqualTo(example);
        assertThat(example.lines()).hasSizeLessThanOrEqualTo(12);
    }
}
