package io.deltaforge.config;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts the environment into texts: {@code ${NAME}}, and {@code ${NAME:-default}} for a variable that is unset or empty.
 * <code>$${</code> stands for a plain <code>${</code>. A value is put in as it is and not searched again.
 */
final class Variables {
    private static final Pattern PLACE = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)(}?)");
    private static final Pattern ENVIRONMENT = Pattern.compile("([A-Z_][A-Z0-9_]*)(?::-(.*))?", Pattern.DOTALL);
    private static final Pattern TEMPLATE =
            Pattern.compile("op|(source|before|after|tx|message|log|label|field)\\..*", Pattern.DOTALL);

    private final Map<String, String> environment;

    Variables(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * A text with its variables replaced.
     *
     * @param fromEnvironment true when a part of it is the value of a variable, and so not for messages
     */
    record Resolved(String text, boolean fromEnvironment) {}

    /**
     * Empty when a variable is missing or a place is none of ours; the problem is reported then.
     *
     * @param template true leaves what is no environment variable, and every escape, to {@code Template.parse}
     */
    Optional<Resolved> resolve(Node.Scalar scalar, boolean template, String path, Problems problems) {
        String text = scalar.text();
        if (!text.contains("${")) {
            return Optional.of(new Resolved(text, false));
        }
        StringBuilder resolved = new StringBuilder();
        boolean complete = true;
        boolean fromEnvironment = false;
        Matcher place = PLACE.matcher(text);
        int from = 0;
        while (place.find()) {
            resolved.append(text, from, place.start());
            from = place.end();
            if (place.group(1) == null) {
                resolved.append(template ? "$${" : "${");
                continue;
            }
            Matcher name = ENVIRONMENT.matcher(place.group(1));
            if (place.group(2).isEmpty() || !name.matches()) {
                resolved.append(place.group());
                complete &= template || reportUnknown(scalar, place, path, problems);
                continue;
            }
            String value = environment.get(name.group(1));
            boolean isSet = value != null && (name.group(2) == null || !value.isEmpty());
            if (!isSet) {
                value = name.group(2);
            }
            if (value == null || (!isSet && value.contains("${"))) {
                complete = reportMissing(scalar, name, path, problems);
                continue;
            }
            fromEnvironment |= isSet;
            resolved.append(template ? value.replace("${", "$${") : value);
        }
        resolved.append(text, from, text.length());
        return complete ? Optional.of(new Resolved(resolved.toString(), fromEnvironment)) : Optional.empty();
    }

    private static boolean reportMissing(Node.Scalar scalar, Matcher name, String path, Problems problems) {
        String variable = name.group(1);
        if (name.group(2) != null) {
            problems.add(
                    scalar.place(),
                    path,
                    "the default of ${" + variable + ":-…} holds another ${…}",
                    "write a plain text as the default");
        } else {
            problems.add(
                    scalar.place(),
                    path,
                    "environment variable " + variable + " is not set",
                    "set it, or give a default: ${" + variable + ":-…}");
        }
        return false;
    }

    private static boolean reportUnknown(Node.Scalar scalar, Matcher place, String path, Problems problems) {
        if (place.group(2).isEmpty()) {
            problems.add(scalar.place(), path, "a ${ without its closing brace", "write $${ for the text itself");
            return false;
        }
        String name = place.group(1);
        String variable = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]", "_");
        if (TEMPLATE.matcher(name).matches()) {
            problems.add(
                    scalar.place(),
                    path,
                    "${" + name + "} is a template, and this setting is the same for every event",
                    "write $${" + name + "} for the text itself");
        } else {
            problems.add(
                    scalar.place(),
                    path,
                    "${" + name + "} is neither an environment variable nor a template",
                    ENVIRONMENT.matcher(variable).matches()
                            ? "environment variables are written in capitals: ${" + variable + "}"
                            : "write $${" + name + "} for the text itself");
        }
        return false;
    }
}
