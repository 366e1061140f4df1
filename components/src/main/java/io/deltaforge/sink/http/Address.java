package io.deltaforge.sink.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.event.Event;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.Table;
import io.deltaforge.spi.HandMade;
import io.deltaforge.spi.Template;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where events are sent: the URL's template, with every value percent-encoded (RFC 3986, section 2.1). Its text form is the
 * host alone, because the rest may hold a secret. Confined to one thread, but for its text form.
 */
final class Address {
    private static final Pattern URL = Pattern.compile("(https?)://([^/?#]*)([/?][^#]*)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern PLACE = Pattern.compile("\\$\\{[^}]*}");
    private static final Pattern WAY_UP = Pattern.compile("(^|/)\\.{1,2}(/|$)");
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final Template template;
    private final String host;
    private final @Nullable URI constant;
    private final boolean perTable;
    private @Nullable Table lastTable;
    private @Nullable URI last;

    private Address(Template template, String host) {
        this.template = template;
        this.host = host;
        this.constant = template.isConstant() ? URI.create(template.toString()) : null;
        this.perTable = template.isPerTable();
    }

    /** @throws IllegalArgumentException when it can never be a URL; the message begins with {@code url} */
    static Address of(Template template) {
        Matcher url = URL.matcher(template.toString());
        require(url.matches(), "url must begin with http:// or https://, and have no #");
        String authority = url.group(2);
        require(!authority.isEmpty(), "url must name a host");
        require(!authority.contains("${"), "url must name its host: places may stand only after it");
        require(
                !authority.contains("@"),
                "url must hold no user or password: put them into headers: {Authorization: …}");
        URI sample;
        try {
            sample = new URI(PLACE.matcher(template.toString()).replaceAll("x"));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("url is no URL: " + e.getReason());
        }
        require(sample.getHost() != null, "url must name a host, and may name a port");
        require(!hasWayUp(sample), "url must have no . or .. in its path");
        return new Address(template, url.group(1) + "://" + authority);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** False when it depends on more than the table, so that an answer may be about one event alone. */
    boolean isPerTable() {
        return perTable;
    }

    /**
     * The URL for this event; {@code null} when a place has no value in it.
     *
     * @throws IllegalArgumentException when a value would lead elsewhere
     */
    @Nullable
    URI of(Event event) {
        if (constant != null) {
            return constant;
        }
        if (!perTable || !(event instanceof RowChange change)) {
            return render(event);
        }
        if (change.table() != lastTable) {
            last = render(event);
            lastTable = change.table();
        }
        return last;
    }

    /**
     * The URL for what a human made: that of its event, or the one the human named, which must be of the same host, because
     * the headers with their secrets go there too.
     *
     * @throws IllegalArgumentException when it cannot be told, or leads elsewhere
     */
    URI of(HandMade letter) {
        String named = letter.record().destination();
        if (letter.isMoved() && named != null) {
            return named(named);
        }
        Event event = letter.event();
        URI uri = constant != null || event == null ? constant : of(event);
        if (uri == null) {
            throw new IllegalArgumentException(
                    (event == null ? "url depends on the event, which was not kept" : "url has a place without a value")
                            + ": name the whole URL with --destination");
        }
        return uri;
    }

    private URI named(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("what was named is no URL: " + e.getReason());
        }
        require(
                host.equalsIgnoreCase(uri.getScheme() + "://" + uri.getRawAuthority()) && uri.getFragment() == null,
                "what was named must be a URL of " + host);
        require(!hasWayUp(uri), "the URL that was named has . or .. in its path");
        return uri;
    }

    private @Nullable URI render(Event event) {
        String url = template.render(event, Address::encoded);
        if (url == null) {
            return null;
        }
        URI uri = URI.create(url);
        require(!hasWayUp(uri), "a value makes it a path with . or ..");
        return uri;
    }

    /** Servers take {@code ..} as the way up, also where it is percent-encoded. */
    private static boolean hasWayUp(URI uri) {
        return uri.getPath() != null && WAY_UP.matcher(uri.getPath()).find();
    }

    static String encoded(String value) {
        StringBuilder encoded = new StringBuilder(value.length());
        for (byte b : value.getBytes(UTF_8)) {
            char c = (char) (b & 0xff);
            boolean unreserved = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '.'
                    || c == '_'
                    || c == '~';
            if (unreserved) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    /** Scheme, host and port. */
    @Override
    public String toString() {
        return host;
    }
}
