package io.deltaforge.server;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens, as it is written: {@code 127.0.0.1:8080}, {@code [::1]:8080} or {@code 0.0.0.0:8080}.
 *
 * @param port 0 for any free one
 */
public record Address(String host, int port) {
    private static final Pattern SYNTAX = Pattern.compile("(\\[[0-9a-fA-F:.%]+]|[^\\[\\]:/\\s]+):([0-9]{1,5})");

    /** @throws IllegalArgumentException when it is none */
    public static Address parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 65535) {
            throw new IllegalArgumentException("\"" + text
                    + "\" is no address to listen on; write host:port, e.g. 127.0.0.1:8080, or 0.0.0.0:8080 for every"
                    + " network of the machine");
        }
        return new Address(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }

    /**
     * Takes the address; connections wait until a server accepts them.
     *
     * @throws IOException with a message for the user
     */
    ServerSocketChannel bind() throws IOException {
        String literal = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        InetSocketAddress address = new InetSocketAddress(literal, port);
        if (address.isUnresolved()) {
            throw new IOException("cannot listen on " + this + ": there is no host " + literal);
        }
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address);
            return channel;
        } catch (BindException e) {
            channel.close();
            throw new IOException(
                    "cannot listen on " + this + ": "
                            + (String.valueOf(e.getMessage()).contains("in use")
                                    ? "another program does already"
                                    : e.getMessage()),
                    e);
        } catch (IOException e) {
            channel.close();
            throw new IOException("cannot listen on " + this + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
