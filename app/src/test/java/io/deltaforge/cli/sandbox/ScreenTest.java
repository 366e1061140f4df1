package io.deltaforge.cli.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private static final Terminal LOG = new Terminal(false, false, Integer.MAX_VALUE, false);
    private static final Terminal TWENTY_COLUMNS = new Terminal(true, true, 20, true);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void inALogStatusLinesAreLinesAndNothingElseIsSent() {
        Screen screen = new Screen(out, LOG);

        screen.event(line("one"));
        screen.status(line("5 events/s"));
        screen.event(line("two"));
        screen.close();

        assertThat(out.toString(UTF_8)).isEqualTo("one\n5 events/s\ntwo\n");
    }

    @Test
    void onATerminalTheStatusStaysBelow() {
        Screen screen = new Screen(out, TWENTY_COLUMNS);

        screen.status(line("5 events/s"));
        screen.event(line("an insert that is too long for it"));
        screen.close();

        assertThat(out.toString(UTF_8))
                .isEqualTo("\r\u001b[K5 events/s" + "\r\u001b[Kan insert that is t…\n5 events/s" + "\r\u001b[K");
    }

    @Test
    void whatOthersPrintComesAboveTheStatusLineByLine() {
        Screen screen = new Screen(out, TWENTY_COLUMNS);
        screen.status(line("5 events/s"));
        out.reset();

        PrintStream errors = screen.lines();
        errors.print("WARN broker");
        assertThat(out.toString(UTF_8)).isEmpty();
        errors.print(" gone\n");

        assertThat(out.toString(UTF_8)).isEqualTo("\r\u001b[KWARN broker gone\n5 events/s");
    }

    @Test
    void aReaderThatWentAwayIsNoticed() {
        Screen screen = new Screen(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                },
                LOG);

        screen.line("one");

        assertThat(screen.isBroken()).isTrue();
    }

    private static StyledLine line(String text) {
        return new StyledLine().add(text);
    }
}
