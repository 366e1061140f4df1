package io.deltaforge.source.docker;

import io.deltaforge.event.Position;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How far the log of each container was read, its standard error apart; of a single line, only its own one. As text
 * {@code 7;4f1a9e0c77d1:1763726400000000000:1,4f1a9e0c77d1.err:1763726399000000000:2,…}.
 *
 * <p>Containers that were removed are left out of later positions. So a position that leaves one out covers all of it if it
 * is the later one, which its number tells; numbers grow over restarts. A line's position has the largest number of all.
 *
 * @param cursors by the first {@value #ID_LENGTH} characters of the container's id, and for standard error what {@link #log}
 *     makes of them
 */
record DockerPosition(long number, Map<String, Cursor> cursors) implements Position {
    static final int ID_LENGTH = 12;

    private static final String STDERR = ".err";
    private static final long OF_A_LINE = Long.MAX_VALUE;
    private static final Pattern CURSOR = Pattern.compile("[0-9a-zA-Z_.-]{1,64}:[0-9]{1,19}:[0-9]{1,10}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    DockerPosition {
        cursors = Map.copyOf(cursors);
    }

    /** @param log as {@link #log} names it */
    static DockerPosition ofLine(String log, long nanos, int count) {
        return new DockerPosition(OF_A_LINE, Map.of(log, new Cursor(nanos, count)));
    }

    /** The name of one of a container's two streams: that of standard output is the container's id. */
    static String log(String container, boolean stderr) {
        return stderr ? container + STDERR : container;
    }

    /** Whose stream it is. */
    static String container(String log) {
        return log.endsWith(STDERR) ? log.substring(0, log.length() - STDERR.length()) : log;
    }

    static DockerPosition parse(String text) {
        int semicolon = text.indexOf(';');
        if (semicolon < 0 || !NUMBER.matcher(text.substring(0, semicolon)).matches()) {
            throw notOne(text);
        }
        Map<String, Cursor> cursors = new TreeMap<>();
        String list = text.substring(semicolon + 1);
        if (!list.isEmpty()) {
            for (String item : list.split(",", -1)) {
                if (!CURSOR.matcher(item).matches()) {
                    throw notOne(text);
                }
                String[] parts = item.split(":", -1);
                try {
                    cursors.put(parts[0], new Cursor(Long.parseLong(parts[1]), Integer.parseInt(parts[2])));
                } catch (NumberFormatException e) {
                    throw notOne(text);
                }
            }
        }
        return new DockerPosition(Long.parseLong(text.substring(0, semicolon)), cursors);
    }

    private static IllegalArgumentException notOne(String text) {
        return new IllegalArgumentException("not a position in containers' logs: '" + text + "'");
    }

    @Override
    public boolean covers(Position other) {
        DockerPosition that = (DockerPosition) other;
        for (Map.Entry<String, Cursor> entry : that.cursors.entrySet()) {
            Cursor mine = cursors.get(entry.getKey());
            boolean covered = mine == null ? number > that.number : mine.covers(entry.getValue());
            if (!covered) {
                return false;
            }
        }
        return number >= that.number || that.number == OF_A_LINE;
    }

    /** What only one of them knows is read from its beginning: the other is older, or it is gone. */
    @Override
    public Position earliest(Position other) {
        DockerPosition that = (DockerPosition) other;
        Map<String, Cursor> earlier = new TreeMap<>();
        cursors.forEach((container, mine) -> {
            Cursor theirs = that.cursors.get(container);
            if (theirs != null) {
                earlier.put(container, mine.covers(theirs) ? theirs : mine);
            }
        });
        return new DockerPosition(Math.min(number, that.number), earlier);
    }

    @Override
    public String text() {
        StringBuilder text = new StringBuilder().append(number).append(';');
        new TreeMap<>(cursors)
                .forEach((container, cursor) -> text.append(text.charAt(text.length() - 1) == ';' ? "" : ",")
                        .append(container)
                        .append(':')
                        .append(cursor.nanos())
                        .append(':')
                        .append(cursor.count()));
        return text.toString();
    }
}
