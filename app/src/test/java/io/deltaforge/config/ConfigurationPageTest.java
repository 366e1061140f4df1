package io.deltaforge.config;

import io.deltaforge.BuiltIns;
import io.deltaforge.GeneratedPage;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {
    @Test
    void thePageIsWhatTheRecordsSay() throws IOException {
        GeneratedPage.assertIs("configuration.md", ConfigurationPage.of(BuiltIns.shipped()));
    }
}
