package io.deltaforge.config;

import io.deltaforge.spi.Secret;
import io.deltaforge.spi.Template;
import java.lang.reflect.InvocationTargetException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns one text of a file into the value that a setting wants. */
final class ScalarBinder {
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9][0-9_]*");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    private final Variables variables;
    private final Problems problems;

    ScalarBinder(Variables variables, Problems problems) {
        this.variables = variables;
        this.problems = problems;
    }

    /** Empty when the text does not fit; the problem is reported then. */
    Optional<Object> bind(Shape.Simple shape, Node.Scalar scalar, String path) {
        boolean template = shape instanceof Shape.Parsed parsed && parsed.type() == Template.class;
        return variables
                .resolve(scalar, template, path, problems)
                .flatMap(resolved -> value(shape, scalar, resolved, path));
    }

    private Optional<Object> value(Shape.Simple shape, Node.Scalar scalar, Variables.Resolved resolved, String path) {
        String text = resolved.text();
        if (shape instanceof Shape.Parsed parsed) {
            return parsed(parsed, text, scalar.place(), path);
        }
        Optional<?> value = switch (shape) {
            case Shape.Text any -> Optional.of(text);
            case Shape.Hidden secret -> {
                problems.hide(text);
                yield Optional.of(new Secret(text));
            }
            case Shape.Whole whole -> whole(whole, text);
            case Shape.Decimal decimal ->
                DECIMAL.matcher(text).matches() ? Optional.of(Double.valueOf(text)) : Optional.empty();
            case Shape.Flag flag -> flag(text);
            case Shape.Time time -> TimeSpan.parse(text);
            case Shape.Choice choice ->
                Arrays.stream(choice.type().getEnumConstants())
                        .filter(constant -> Wording.word(constant).equals(text))
                        .findFirst();
            case Shape.Parsed parsed -> throw new AssertionError("handled above");
        };
        if (value.isEmpty()) {
            String found = resolved.fromEnvironment() ? "something else in " + scalar.text() : Wording.found(scalar);
            problems.add(
                    scalar.place(), path, "expected " + expected(shape, text) + ", found " + found, mend(shape, text));
        }
        return value.map(Object.class::cast);
    }

    private static Optional<Object> whole(Shape.Whole whole, String text) {
        if (!WHOLE.matcher(text).matches()) {
            return Optional.empty();
        }
        BigInteger value = new BigInteger(text.replace("_", ""));
        if (value.bitLength() > (whole.isLong() ? 63 : 31)) {
            return Optional.empty();
        }
        return whole.isLong() ? Optional.of(value.longValueExact()) : Optional.of(value.intValueExact());
    }

    private static Optional<Boolean> flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private Optional<Object> parsed(Shape.Parsed shape, String text, Place place, String path) {
        try {
            shape.parse().setAccessible(true);
            return Optional.of(shape.parse().invoke(null, text));
        } catch (InvocationTargetException e) {
            problems.add(
                    place, path, String.valueOf(Binder.mistake(e, shape.parse()).getMessage()));
            return Optional.empty();
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String expected(Shape.Simple shape, String text) {
        String expected = Wording.expected(shape);
        if (shape instanceof Shape.Whole whole && WHOLE.matcher(text).matches()) {
            return expected + " of at most " + (whole.isLong() ? Long.MAX_VALUE : Integer.MAX_VALUE);
        }
        return expected;
    }

    private static @Nullable String mend(Shape.Simple shape, String text) {
        if (shape instanceof Shape.Choice choice) {
            return EditDistance.nearest(text, Wording.words(choice.type()))
                    .map(word -> "did you mean " + word + "?")
                    .orElse(null);
        }
        return null;
    }
}
