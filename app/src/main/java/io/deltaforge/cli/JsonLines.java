package io.deltaforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.deltaforge.spi.JsonText;
import java.util.Map;

/**
 * Log lines for machines, one JSON object each: {@code
 * {"time":"…Z","level":"INFO","logger":"…","thread":"…","message":"…","error":"…"}}, and what the mapped diagnostic context
 * holds beside it.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final byte[] NOTHING = {};

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(256);
        line.append("{\"time\":\"").append(event.getInstant());
        line.append("\",\"level\":\"").append(event.getLevel()).append('"');
        field(line, "logger", event.getLoggerName());
        field(line, "thread", event.getThreadName());
        field(line, "message", event.getFormattedMessage());
        for (Map.Entry<String, String> entry : event.getMDCPropertyMap().entrySet()) {
            field(line, entry.getKey(), entry.getValue());
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            field(line, "error", ThrowableProxyUtil.asString(thrown));
        }
        return line.append("}\n").toString().getBytes(UTF_8);
    }

    private static void field(StringBuilder line, String name, String value) {
        line.append(',').append(new String(JsonText.quoted(name, ":"), UTF_8));
        line.append(new String(JsonText.quoted(String.valueOf(value), ""), UTF_8));
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
