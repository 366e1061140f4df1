package io.deltaforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.reliability.StoredLetter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Texts and bytes of dead letters, as a terminal may show them. */
final class LetterText {
    /** What becomes of it without anybody doing anything. */
    static String state(StoredLetter stored) {
        return stored.wanted() ? "to be sent again" : stored.parked() ? "parked" : "waiting";
    }

    private LetterText() {}

    /** Empty when the bytes are no UTF-8. */
    static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The text, or what it is in base64. */
    static String shown(byte[] bytes) {
        return utf8(bytes).map(LetterText::harmless).orElseGet(() -> "base64:" + base64(bytes));
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Without what could steer a terminal; lines and tabs stay. */
    static String harmless(String text) {
        StringBuilder harmless = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c ->
                        harmless.appendCodePoint(Character.isISOControl(c) && c != '\n' && c != '\t' ? 0xFFFD : c));
        return harmless.toString();
    }

    /** On one line of at most so many characters. */
    static String shortened(@Nullable String text, int most) {
        if (text == null) {
            return "-";
        }
        String line = harmless(text).replaceAll("\\s+", " ").strip();
        if (line.codePointCount(0, line.length()) <= most) {
            return line;
        }
        return line.substring(0, line.offsetByCodePoints(0, most - 1)) + "…";
    }
}
