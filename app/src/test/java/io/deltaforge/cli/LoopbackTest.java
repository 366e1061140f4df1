package io.deltaforge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.server.Address;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.OptionSpec;

/** Invariant 6: nothing listens on a network unless it is told to. */
class LoopbackTest {
    @Test
    void everyAddressDefaultsToLoopback() {
        List<OptionSpec> addresses = Main.commandLine().getSubcommands().get("run").getCommandSpec().options().stream()
                .filter(option -> option.type() == Address.class)
                .toList();

        assertThat(addresses)
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(option -> assertThat(option.defaultValue())
                        .as(option.longestName())
                        .startsWith("127.0.0.1:"));
    }
}
