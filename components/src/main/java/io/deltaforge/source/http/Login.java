package io.deltaforge.source.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Who may send entries. Immutable; shows nothing of its secrets. */
final class Login {
    private final byte @Nullable [] expected;
    private final String scheme;

    Login(HttpSourceConfig config) {
        if (config.bearerToken() != null) {
            scheme = "Bearer";
            expected = config.bearerToken().reveal().getBytes(UTF_8);
        } else if (config.username() != null && config.password() != null) {
            scheme = "Basic";
            String pair = config.username() + ":" + config.password().reveal();
            expected = Base64.getEncoder().encode(pair.getBytes(UTF_8));
        } else {
            scheme = "";
            expected = null;
        }
    }

    /** @throws Refusal when the header is not what it must be; how long that takes does not tell by how much */
    void check(@Nullable String authorization) throws Refusal {
        if (expected == null) {
            return;
        }
        String given = authorization == null ? "" : authorization;
        int space = scheme.length();
        boolean schemeFits =
                given.length() > space && given.regionMatches(true, 0, scheme, 0, space) && given.charAt(space) == ' ';
        byte[] credentials = schemeFits ? given.substring(space + 1).strip().getBytes(UTF_8) : new byte[0];
        if (!MessageDigest.isEqual(expected, credentials)) {
            throw new Refusal(
                    401,
                    "the Authorization header is missing or wrong",
                    "WWW-Authenticate",
                    scheme + " realm=\"deltaforge\"");
        }
    }
}
