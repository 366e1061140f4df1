package io.deltaforge.spi.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.event.LogLevel;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageLevelTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"msg\":\"FATAL\",\"level\":\"info\"}|INFO",
                "{\"severity\":\"WARNING\"}|WARN",
                "{\"lvl\":\"dbg\"}|DEBUG",
                "{\"log\":{\"level\":\"Error\"}}|ERROR",
                "{\"level\":50,\"msg\":\"pino\"}|ERROR",
                "{\"level\":\"audit\",\"msg\":\"ERROR\"}|",
                "{\"msg\":\"ERROR\"}|",
                "{\"level\":\"INFORMATIONAL\"}|INFO",
                "{\"level\":\"informationally\"}|",
                "{\"level\":\"\"}|",
                "{\"level\":\"\",\"severity\":\"sEvErE\"}|ERROR",
                "ts=2026-11-21 level=crit msg=\"on fire\"|CRITICAL",
                "'msg=boom level=error\n\tat shop.Cart.buy(Cart.java:17)'|ERROR",
                "2026-11-21 14:00:01.123 ERROR [main] it broke|ERROR",
                "2026-11-21T14:00:01Z [warn] low on space|WARN",
                "[Sat Nov 21 2026] [error] AH00126|ERROR",
                "panic: runtime error|FATAL",
                "a user saw an error in the information|",
                "INFORMATIONS about DEBUGGING|",
                "2026 INFO no ERROR here|INFO",
                "x-ERROR/y|",
                "|",
            })
    void aMessageTellsItsLevel(String line, LogLevel level) {
        assertThat(MessageLevel.of(Lines.of(line == null ? "" : line))).isEqualTo(level);
    }

    @Test
    void whatTheSourceToldCountsMore() {
        assertThat(MessageLevel.of(Lines.of("ERROR", LogLevel.INFO, Map.of()))).isEqualTo(LogLevel.INFO);
    }
}
