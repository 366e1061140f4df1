package io.deltaforge.source.logs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.deltaforge.spi.log.JsonMember;
import io.deltaforge.spi.log.Rfc3339;
import io.deltaforge.spi.log.Slice;
import java.util.Arrays;

/**
 * What a line of a container's log is made of. Of one that is not of the form expected all is message. Confined to one
 * thread; {@link #read} sets the rest.
 */
final class LineForm {
    /** Which of a program's outputs a line is of. */
    static final int NONE = 0;

    static final int STDOUT = 1;
    static final int STDERR = 2;

    private static final byte[] LOG = "log".getBytes(US_ASCII);
    private static final byte[] STREAM = "stream".getBytes(US_ASCII);
    private static final byte[] TIME = "time".getBytes(US_ASCII);
    private static final byte[] OUT = "stdout".getBytes(US_ASCII);
    private static final byte[] ERR = "stderr".getBytes(US_ASCII);

    private final LogsSourceConfig.Format format;
    private byte[] data = {};
    private int start;
    private int end;
    private long timeMicros;
    private int output;
    private boolean partial;

    LineForm(LogsSourceConfig.Format format) {
        this.format = format;
    }

    /** Takes the line apart that lies between {@code from} and {@code to}, without its end. */
    void read(byte[] bytes, int from, int to) {
        data = bytes;
        start = from;
        end = to;
        timeMicros = Rfc3339.NONE;
        output = NONE;
        partial = false;
        switch (format) {
            case PLAIN -> {}
            case DOCKER -> docker();
            case CRI -> cri();
            case AUTO -> {
                if (to > from && bytes[from] == '{') {
                    docker();
                } else {
                    cri();
                }
            }
        }
    }

    /** Of Docker's logging driver {@code json-file}: {@code {"log":"…\n","stream":"stdout","time":"…"}}. */
    private void docker() {
        byte[] line = data;
        int from = start;
        int to = end;
        if (to - from < 2 || line[from] != '{' || line[to - 1] != '}') {
            return;
        }
        Slice told = JsonMember.find(line, from, to, TIME);
        long time = told == null ? Rfc3339.NONE : Rfc3339.micros(line, told.start(), told.end());
        Slice stream = time == Rfc3339.NONE ? null : JsonMember.find(line, from, to, STREAM);
        int written = stream == null ? NONE : output(line, stream.start(), stream.end());
        Slice message = written == NONE ? null : JsonMember.find(line, from, to, LOG);
        if (message == null) {
            return;
        }
        timeMicros = time;
        output = written;
        message(message);
    }

    private void message(Slice message) {
        start = message.start();
        end = message.end();
        partial = !(end - start >= 2 && data[end - 1] == 'n' && data[end - 2] == '\\');
        if (!message.isEscaped()) {
            return;
        }
        if (!partial) {
            boolean onlyItsEnd = true;
            for (int i = start; i < end - 2 && onlyItsEnd; i++) {
                onlyItsEnd = data[i] != '\\';
            }
            if (onlyItsEnd) {
                end -= 2;
                return;
            }
        }
        data = message.bytes();
        start = 0;
        end = data.length;
        partial = end == 0 || data[end - 1] != '\n';
        end -= partial ? 0 : 1;
        if (!partial && end > 0 && data[end - 1] == '\r') {
            end--;
        }
    }

    /** Of the Kubernetes container runtime interface: {@code <time> stdout F <message>}, P for a part of one. */
    private void cri() {
        int afterTime = space(start);
        int afterOutput = afterTime < 0 ? -1 : space(afterTime + 1);
        if (afterOutput < 0 || afterOutput + 1 >= end) {
            return;
        }
        int tag = data[afterOutput + 1];
        int afterTag = space(afterOutput + 1);
        int tagEnd = afterTag < 0 ? end : afterTag;
        boolean tags = tagEnd == afterOutput + 2 || data[Math.min(afterOutput + 2, end - 1)] == ':';
        long time = Rfc3339.micros(data, start, afterTime);
        int stream = output(data, afterTime + 1, afterOutput);
        if (time == Rfc3339.NONE || stream == NONE || !tags || (tag != 'F' && tag != 'P')) {
            return;
        }
        timeMicros = time;
        output = stream;
        partial = tag == 'P';
        start = Math.min(end, tagEnd + 1);
    }

    private int space(int from) {
        for (int i = from; i < end; i++) {
            if (data[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    private static int output(byte[] line, int from, int to) {
        if (Arrays.equals(line, from, to, OUT, 0, OUT.length)) {
            return STDOUT;
        }
        return Arrays.equals(line, from, to, ERR, 0, ERR.length) ? STDERR : NONE;
    }

    /** Holds the message from {@link #start} to {@link #end}; maybe another array than the line's. */
    byte[] data() {
        return data;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** Microseconds since 1970; {@link Rfc3339#NONE} when the line does not say. */
    long timeMicros() {
        return timeMicros;
    }

    int output() {
        return output;
    }

    /** True when the next line of the same output goes on with the message. */
    boolean isPartial() {
        return partial;
    }
}
