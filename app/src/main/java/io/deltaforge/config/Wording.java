package io.deltaforge.config;

import io.deltaforge.spi.Word;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How messages call what a file should hold and what it does hold. */
final class Wording {
    private Wording() {}

    static String expected(Shape shape) {
        return switch (shape) {
            case Shape.Text text -> "a text";
            case Shape.Hidden secret -> "a text";
            case Shape.Parsed parsed -> "a text";
            case Shape.Whole whole -> "a whole number";
            case Shape.Decimal decimal -> "a number";
            case Shape.Flag flag -> "true or false";
            case Shape.Time time -> "a duration such as 100ms, 5s or 1m";
            case Shape.Choice choice -> "one of " + String.join(", ", words(choice.type()));
            case Shape.ListOf list -> "a list";
            case Shape.MapOf map -> "a block of `key: value` lines";
            case Shape.Block block -> block.parse() == null ? "a block of settings" : "a text or a block of settings";
            case Shape.FilteredSink entry -> expected(entry.sink());
            case Shape.OneSource source -> "a block with one source under its type";
            case Shape.AsInPipeline any -> "what a pipeline file has there";
            case Shape.Component component ->
                component.hasConfigBlock()
                        ? "a block with `type` and `config`"
                        : "the name of " + article(component.noun()) + " or a block with its `type`";
        };
    }

    private static String article(String noun) {
        return ("aeiou".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ") + noun;
    }

    static String found(Node node) {
        return switch (node) {
            case Node.Scalar scalar -> scalar.isNull() ? "nothing" : "\"" + scalar.text() + "\"";
            case Node.Sequence sequence -> "a list";
            case Node.Mapping mapping -> "a block of keys";
        };
    }

    /** How an enum's constants are written in YAML. */
    static List<String> words(Class<?> enumType) {
        return Arrays.<Object>stream(enumType.getEnumConstants())
                .map(Wording::word)
                .toList();
    }

    static String word(Object enumConstant) {
        Enum<?> constant = (Enum<?>) enumConstant;
        try {
            Word word = constant.getDeclaringClass().getField(constant.name()).getAnnotation(Word.class);
            return word == null ? constant.name().toLowerCase(Locale.ROOT) : word.value();
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e); // every constant is a field of that name
        }
    }
}
