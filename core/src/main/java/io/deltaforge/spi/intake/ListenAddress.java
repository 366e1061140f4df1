package io.deltaforge.spi.intake;

import io.deltaforge.spi.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Where a source listens: {@code port}, which is the loopback interface's, {@code host:port} or {@code [v6]:port}.
 *
 * @param port 0 lets the system choose
 */
public record ListenAddress(String host, int port) {

    private static final String FORM = "write a port (of 127.0.0.1), or host:port; 0.0.0.0:port is every network";

    public static ListenAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (text.contains("://")) {
            throw new IllegalArgumentException("\"" + text + "\" is a URL: " + FORM);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("\"" + text + "\" is no address: an IPv6 host stands in brackets");
        }
        int port;
        try {
            port = Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no address: " + FORM);
        }
        if (port < 0 || port > 65535 || host.isEmpty()) {
            throw new IllegalArgumentException("\"" + text + "\" is no address: " + FORM);
        }
        return new ListenAddress(host, port);
    }

    /** @throws UnknownHostException when the host has no address */
    public InetSocketAddress resolve() throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    /**
     * Why it cannot be listened on, and what to do.
     *
     * @param setting whose value this address is
     */
    public Failure.Fatal failure(String setting, IOException cause) {
        String message = String.valueOf(cause.getMessage());
        String at = setting + ": " + this;
        if (cause instanceof UnknownHostException) {
            return new Failure.Fatal(at + " cannot be listened on: the host has no address", cause);
        }
        if (message.contains("in use")) {
            return new Failure.Fatal(
                    at + " is in use by another program: stop that, or set " + setting + " to another port", cause);
        }
        if (message.contains("ermission denied")) {
            return new Failure.Fatal(
                    at + " is not allowed for this user: set " + setting
                            + " to a port above 1023, or give the process the" + " right CAP_NET_BIND_SERVICE",
                    cause);
        }
        if (message.contains("annot assign")) {
            return new Failure.Fatal(at + " is no address of this machine; 0.0.0.0 listens on all of them", cause);
        }
        return new Failure.Fatal(at + " cannot be listened on: " + message, cause);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
