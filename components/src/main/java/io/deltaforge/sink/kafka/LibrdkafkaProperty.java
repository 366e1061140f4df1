package io.deltaforge.sink.kafka;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A property of librdkafka (its CONFIGURATION.md) and what becomes of it here.
 *
 * @param names its own name first, then its aliases
 * @param target the Java producer's settings that it ends in, for the reference page; empty for none
 * @param doc one sentence for the reference page
 * @param meaning what a value that passed {@code values} does
 */
record LibrdkafkaProperty(
        List<String> names, Values values, String target, String doc, Function<String, Outcome> meaning) {

    /** Its own name, not an alias. */
    String name() {
        return names.getFirst();
    }

    boolean isSecret() {
        return values instanceof Hidden;
    }

    /** What one value does. */
    sealed interface Outcome {
        /** Becomes this setting of the Java producer. */
        record Becomes(String setting, String value, String note) implements Outcome {}

        /** Does nothing here, harmlessly. */
        record NoEffect(String why) implements Outcome {}

        /** Cannot be honoured and must not be dropped. */
        record Refused(String why) implements Outcome {}

        /** Works together with other properties: {@link TlsSettings} and its like look at it. */
        record Combined() implements Outcome {}
    }

    /** The values that a property takes. {@code read} normalises one and throws {@link IllegalArgumentException}. */
    sealed interface Values {
        String read(String text);

        String describe();
    }

    record Text() implements Values {
        @Override
        public String read(String text) {
            return text;
        }

        @Override
        public String describe() {
            return "text";
        }
    }

    /** Text that must not be shown. */
    record Hidden() implements Values {
        @Override
        public String read(String text) {
            return text;
        }

        @Override
        public String describe() {
            return "text, secret";
        }
    }

    record Flag() implements Values {
        @Override
        public String read(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "true", "t", "1" -> "true";
                case "false", "f", "0" -> "false";
                default -> throw new IllegalArgumentException("must be true or false, but is \"" + text + "\"");
            };
        }

        @Override
        public String describe() {
            return "true, false";
        }
    }

    record OneOf(List<String> choices) implements Values {
        @Override
        public String read(String text) {
            String lower = text.toLowerCase(Locale.ROOT);
            if (!choices.contains(lower)) {
                throw new IllegalArgumentException("must be one of " + describe() + ", but is \"" + text + "\"");
            }
            return lower;
        }

        @Override
        public String describe() {
            return String.join(", ", choices);
        }
    }

    /** A whole number of this unit, e.g. ms; both ends are allowed. */
    record Whole(long min, long max, String unit) implements Values {
        @Override
        public String read(String text) {
            long value;
            try {
                value = Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("must be a whole number" + of() + ", but is \"" + text + "\"", e);
            }
            if (value < min || value > max) {
                throw new IllegalArgumentException(
                        "must be between " + min + " and " + max + of() + ", but is " + value);
            }
            return Long.toString(value);
        }

        private String of() {
            return unit.isEmpty() ? "" : " (" + unit + ")";
        }

        @Override
        public String describe() {
            return min + " .. " + max + (unit.isEmpty() ? "" : " " + unit);
        }
    }

    /** Milliseconds that may have a fraction. */
    record Millis(long max) implements Values {
        @Override
        public String read(String text) {
            double value;
            try {
                value = Double.parseDouble(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("must be a number of milliseconds, but is \"" + text + "\"", e);
            }
            if (!(value >= 0 && value <= max)) {
                throw new IllegalArgumentException("must be between 0 and " + max + " (ms), but is " + text);
            }
            return Long.toString((long) Math.ceil(value));
        }

        @Override
        public String describe() {
            return "0 .. " + max + " ms";
        }
    }

    /** The same setting under the same or another name. */
    static LibrdkafkaProperty same(List<String> names, Values values, String setting, String doc) {
        return new LibrdkafkaProperty(names, values, setting, doc, value -> new Outcome.Becomes(setting, value, ""));
    }

    /** As {@link #same}, but one value means another there. */
    static LibrdkafkaProperty same(
            List<String> names, Values values, String setting, String value, String instead, String doc) {
        return new LibrdkafkaProperty(
                names,
                values,
                setting,
                doc,
                given -> new Outcome.Becomes(setting, given.equals(value) ? instead : given, ""));
    }

    static LibrdkafkaProperty combined(List<String> names, Values values, String target, String doc) {
        return new LibrdkafkaProperty(names, values, target, doc, value -> new Outcome.Combined());
    }

    static LibrdkafkaProperty noEffect(String why, Values values, String name) {
        return new LibrdkafkaProperty(
                List.of(name), values, "", "No effect: " + why + ".", value -> new Outcome.NoEffect(why));
    }

    static LibrdkafkaProperty refused(String why, String name) {
        return new LibrdkafkaProperty(
                List.of(name), new Hidden(), "", "Refused: " + why + ".", value -> new Outcome.Refused(why));
    }

    /** One value passes without an effect, any other is refused. */
    static LibrdkafkaProperty only(String harmless, Values values, String whyHarmless, String whyRefused, String name) {
        return new LibrdkafkaProperty(
                List.of(name),
                values,
                "",
                "`" + harmless + "` has no effect: " + whyHarmless + ". Anything else is refused: " + whyRefused + ".",
                value -> value.equals(harmless) ? new Outcome.NoEffect(whyHarmless) : new Outcome.Refused(whyRefused));
    }
}
