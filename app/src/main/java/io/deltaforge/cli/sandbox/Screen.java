package io.deltaforge.cli.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;

/**
 * Lines that scroll and, on a terminal, a status line that stays below them. UTF-8 whatever the locale says, as the
 * data is. Thread-safe.
 */
public final class Screen implements AutoCloseable {
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final OutputStream out;
    private Terminal terminal;
    private String status = "";
    private boolean broken;

    public Screen(OutputStream out, Terminal terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    public synchronized boolean isInteractive() {
        return terminal.interactive();
    }

    /** True when nobody reads any more: the pipe's other end is closed. */
    public synchronized boolean isBroken() {
        return broken;
    }

    /** Lines from now on are cut to the width of this one. */
    public synchronized void resized(Terminal now) {
        terminal = now;
    }

    /** Cut to the width. */
    public void event(StyledLine line) {
        events(List.of(line));
    }

    /** Several at once; each cut to the width. */
    public synchronized void events(List<StyledLine> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.render(terminal.columns(), terminal.coloured()))
                .append('\n'));
        writeAbove(text);
    }

    /** Never cut, for it may have to be copied. */
    public synchronized void line(StyledLine line) {
        writeAbove(line.render(Integer.MAX_VALUE, terminal.coloured()) + "\n");
    }

    public void line(String text) {
        line(new StyledLine().add(text));
    }

    /** Takes the place of the last status; where lines cannot be drawn over it is one more line. */
    public synchronized void status(StyledLine line) {
        if (terminal.interactive()) {
            status = line.render(terminal.columns() - 1, terminal.coloured());
            writeAbove("");
        } else {
            line(line);
        }
    }

    /** Takes the status away. */
    public synchronized void clearStatus() {
        status = "";
        writeAbove("");
    }

    /** A stream whose lines come above the status, for what others print on the same terminal. */
    public PrintStream lines() {
        return new PrintStream(new LineBuffer(), true, UTF_8);
    }

    @Override
    public void close() {
        clearStatus();
    }

    private void writeAbove(CharSequence lines) {
        if (broken || (!terminal.interactive() && lines.isEmpty())) {
            return;
        }
        try {
            out.write(((terminal.interactive() ? CLEAR_LINE : "") + lines + status).getBytes(UTF_8));
            out.flush();
        } catch (IOException e) {
            broken = true;
        }
    }

    /** Hands on whole lines only. */
    private final class LineBuffer extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            synchronized (Screen.this) {
                line.write(b);
                if (b == '\n') {
                    writeAbove(line.toString(UTF_8));
                    line.reset();
                }
            }
        }
    }
}
