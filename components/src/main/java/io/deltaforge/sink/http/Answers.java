package io.deltaforge.sink.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Rendered;
import io.deltaforge.spi.Secret;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What the endpoint's answers mean. Thread-safe. */
final class Answers {
    private static final int EXCERPT_LENGTH = 200;
    private static final int SHORTEST_SECRET = 6;

    private final Address address;
    private final HttpSinkConfig config;
    private final Clock clock;

    Answers(Address address, HttpSinkConfig config, Clock clock) {
        this.address = address;
        this.config = config;
        this.clock = clock;
    }

    /** What becomes of a request. */
    sealed interface Verdict {
        /** Its events are held. */
        record Delivered() implements Verdict {}

        /** It is not taken as it is, and never will be: one of its events is at fault, or their number. */
        record Refused(String kind, String reason) implements Verdict {}

        /** It was not taken, and that is no event's fault. */
        record Failed(Failure why) implements Verdict {}
    }

    Verdict verdict(HttpResponse<String> response) {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return new Verdict.Delivered();
        }
        String answered = address + " answered " + status + excerpt(response.body());
        if (status == 408 || status == 429 || status >= 500) {
            return new Verdict.Failed(new Failure.Retryable(answered, null, RetryAfter.of(response.headers(), clock)));
        }
        String mend = mend(status, response.headers());
        return mend == null
                ? new Verdict.Refused("http_" + status, answered)
                : new Verdict.Failed(new Failure.Fatal(answered + ": " + mend));
    }

    /** What to do when the endpoint refuses every request; {@code null} when it may be only this one. */
    private @Nullable String mend(int status, HttpHeaders headers) {
        return switch (status) {
            case 401 -> "it wants credentials, or other ones: correct headers (e.g. Authorization)";
            case 403 -> "these credentials may not write there: ask for the right, or correct headers or url";
            case 404, 410 -> address.isPerTable() ? "nothing is there: correct url" : null;
            case 405 ->
                "it takes no " + config.method().name() + ": correct method"
                        + headers.firstValue("Allow")
                                .map(allowed -> " (it takes " + plain(allowed) + ")")
                                .orElse("");
            case 407 -> "a proxy on the way wants credentials";
            case 415 -> "it does not take this content type: correct batch_format, or set Content-Type in headers";
            default ->
                status >= 400
                        ? null
                        : "it sends elsewhere" + location(headers)
                                + ": write the final address as url. Redirects are not followed, because a POST can"
                                + " become a GET on the way, which delivers nothing";
        };
    }

    /** No more than the host: the rest may hold a secret. */
    private static String location(HttpHeaders headers) {
        return headers.firstValue("Location")
                .map(text -> {
                    try {
                        URI uri = URI.create(text);
                        return uri.getHost() == null ? "" : ", to " + uri.getScheme() + "://" + uri.getAuthority();
                    } catch (IllegalArgumentException e) {
                        return "";
                    }
                })
                .orElse("");
    }

    /** The beginning of a body in one line, without the secrets that it may echo. */
    private String excerpt(String body) {
        String text = plain(body);
        for (Secret header : config.headers().values()) {
            for (String part : header.reveal().split("\\s+")) {
                text = part.length() < SHORTEST_SECRET ? text : text.replace(part, "***");
            }
        }
        if (text.length() > EXCERPT_LENGTH) {
            text = text.substring(0, EXCERPT_LENGTH) + "…";
        }
        return text.isEmpty() ? "" : " (" + text + ")";
    }

    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}+| +", " ").strip();
    }

    /** The request or its answer was lost on the way. */
    Verdict verdict(Throwable error) {
        return new Verdict.Failed(failure(error));
    }

    private Failure failure(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return switch (cause) {
            case HttpConnectTimeoutException late ->
                retryable(
                        address + " took no connection within "
                                + config.connectTimeout().toMillis() + " ms",
                        late);
            case HttpTimeoutException late -> tooLate(late);
            case TimeoutException late -> tooLate(late);
            case CancellationException ours -> retryable("the request to " + address + " was broken off", ours);
            case ConnectException refused
            when has(refused, UnresolvedAddressException.class) ->
                retryable("the host of " + address + " is not known", refused);
            case ConnectException refused -> retryable(address + " takes no connections", refused);
            case IOException distrust
            when has(distrust, GeneralSecurityException.class) ->
                new Failure.Fatal(
                        "the certificate of " + address + " is not trusted (" + distrust.getMessage()
                                + "): correct url, or name the certificate of who issued it in ca_file",
                        distrust);
            case IOException lost -> retryable("the connection to " + address + " broke: " + lost.getMessage(), lost);
            default ->
                new Failure.Fatal("sending to " + address + " failed in a way that the sink does not know", cause);
        };
    }

    private Failure tooLate(Throwable late) {
        return Failure.Retryable.timedOut(
                address + " did not answer within " + config.timeout().toMillis() + " ms", late);
    }

    private static Failure retryable(String message, Throwable cause) {
        return new Failure.Retryable(message, cause);
    }

    private static boolean has(Throwable error, Class<? extends Throwable> type) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    /** What would have been sent, without the URL's secrets. */
    @SuppressWarnings("NullAway") // it does not see in a class file that an array may be null
    Rendered rendered(String eventId, byte @Nullable [] value) {
        Rendered.Header id = new Rendered.Header("event-id", eventId.getBytes(ISO_8859_1));
        return new Rendered(address.toString(), null, null, value, List.of(id));
    }
}
