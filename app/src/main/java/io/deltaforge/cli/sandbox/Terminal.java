package io.deltaforge.cli.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.Map;

/**
 * What standard output leads to. Java cannot tell, so a shell is asked, which sees the same file descriptors.
 *
 * @param interactive lines can be drawn over
 * @param columns its width; unlimited where it is no terminal
 * @param errorsToo standard error leads to a terminal as well
 */
public record Terminal(boolean interactive, boolean coloured, int columns, boolean errorsToo) {
    private static final int USUAL_COLUMNS = 80;
    private static final Terminal NONE = new Terminal(false, false, Integer.MAX_VALUE, false);

    /** @param environment of which NO_COLOR (no-color.org) and TERM are looked at */
    public static Terminal ofStandardOutput(Map<String, String> environment) {
        String size =
                ask("test -t 1 && { stty size 2>/dev/null || echo 0 0; } <&1 >&2", Redirect.INHERIT, Redirect.PIPE);
        if (size.isEmpty() || environment.getOrDefault("TERM", "dumb").equals("dumb")) {
            return NONE;
        }
        boolean errorsToo =
                !ask("test -t 2 && echo yes", Redirect.PIPE, Redirect.INHERIT).isEmpty();
        boolean coloured = environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(true, coloured, columns(size), errorsToo);
    }

    /** {@code stty size} prints rows and columns; both 0 where the terminal does not say. */
    private static int columns(String size) {
        String[] rowsAndColumns = size.split(" ", 2);
        try {
            int columns = Integer.parseInt(rowsAndColumns[rowsAndColumns.length - 1]);
            return columns > 0 ? columns : USUAL_COLUMNS;
        } catch (NumberFormatException e) {
            return USUAL_COLUMNS;
        }
    }

    /** What the script prints to the one of its two outputs that is a pipe; nothing where there is no shell. */
    private static String ask(String script, Redirect output, Redirect errors) {
        try {
            Process shell = new ProcessBuilder("sh", "-c", script)
                    .redirectOutput(output)
                    .redirectError(errors)
                    .start();
            byte[] answer =
                    (output.equals(Redirect.PIPE) ? shell.getInputStream() : shell.getErrorStream()).readAllBytes();
            return new String(answer, US_ASCII).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
