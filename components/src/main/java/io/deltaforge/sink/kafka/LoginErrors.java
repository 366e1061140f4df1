package io.deltaforge.sink.kafka;

import io.deltaforge.spi.Failure;
import java.util.List;
import java.util.regex.Pattern;
import javax.security.auth.login.LoginException;

/** Why a login module of the client failed before it met a broker: a token endpoint, a key distribution centre. */
final class LoginErrors {
    /** Java's login context puts what a module threw into its message, stack trace and all, and forgets the cause. */
    private static final Pattern CLASS_NAMES = Pattern.compile("^(?:[\\w.$]+(?:Exception|Error): )+");

    private static final String GIVEN_UP = "UnretryableException";
    private static final List<String> OUT_OF_REACH =
            List.of("ConnectException", "SocketTimeoutException", "UnknownHostException", "NoRouteToHostException");

    private LoginErrors() {}

    static Failure failure(LoginException error, Exception whole) {
        String text = String.valueOf(error.getMessage());
        String reason = CLASS_NAMES.matcher(text.lines().findFirst().orElse("")).replaceFirst("");
        boolean away = !text.contains(GIVEN_UP) && OUT_OF_REACH.stream().anyMatch(text::contains);
        if (away) {
            return new Failure.Retryable("cannot log in, whoever is asked for it does not answer: " + reason, whole);
        }
        return new Failure.Fatal(
                "cannot log in: " + reason
                        + ". Check the sasl.… settings in client_conf: name, secret, endpoint, files.",
                whole);
    }
}
