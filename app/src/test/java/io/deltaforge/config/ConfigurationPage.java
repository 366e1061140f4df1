package io.deltaforge.config;

import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.Dlq;
import io.deltaforge.spi.Encoding;
import io.deltaforge.spi.Envelope;
import io.deltaforge.spi.EventFilter;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkPolicy;
import io.deltaforge.spi.Source;
import io.deltaforge.spi.Template;
import java.util.List;
import java.util.stream.Collectors;

/** The reference page of pipeline files, read from the records that they are bound to. */
final class ConfigurationPage {
    private static final String HEAD = """
            # Configuration

            Every key of a pipeline file. This page is generated from the code; `./check --fix` writes it anew.
            `deltaforge schema` prints the same as a JSON Schema, for editors, and `deltaforge validate FILE` finds every
            mistake in a file.

            ```yaml
            apiVersion: deltaforge/v1
            kind: Pipeline
            metadata:
              name: orders
            spec:
              source: {type: …, config: {…}}
              sinks:
                - {type: …, config: {…}}
            ```

            **Variables.** `${NAME}` is the environment variable `NAME` (capitals, digits and `_`); `${NAME:-text}` is `text` when
            it is unset or empty. They may stand anywhere in a value. Their values are put in as they are: what looks like a
            template in them is not one.

            **Templates.** Settings of the type *template* take places that each event fills: PLACES.
            `$${` stands for a plain `${`. Any other `${…}` is an error.

            **Types.** A *duration* is a whole number with its unit: `100ms`, `5s`, `1m`, `2h`, `1d`. A *secret* is shown
            nowhere. Values of a *map* are taken as they are written: `5000`, `"5000"` and `true` are texts.

            """;

    private static final String DIALECT = """
            ## Log-capture dialect

            A file with `sources` and `sinks` at its top and no `apiVersion`; `deltaforge convert FILE` prints the pipeline that
            it is. See [Log capture](../logs.md).

            """;

    private final Components components;
    private final StringBuilder page = new StringBuilder();

    private ConfigurationPage(Components components) {
        this.components = components;
    }

    static String of(Components components) {
        ConfigurationPage page = new ConfigurationPage(components);
        String places = List.of(Template.PLACES.split(", ")).stream()
                .map(place -> "`" + place + "`")
                .collect(Collectors.joining(", "));
        page.page.append(HEAD.replace("PLACES", places));
        page.page.append("## Pipeline\n\n");
        page.table(PipelineFile.class);
        page.page.append(DIALECT);
        page.table(LogCaptureFile.class);
        page.components("Sources", "spec.source", Source.class);
        page.components("Sinks", "each of spec.sinks", Sink.class);
        page.components("Dead letter queues", "spec.dlq", Dlq.class);
        page.components("Envelopes", "a sink's envelope", Envelope.class);
        page.components("Encodings", "a sink's encoding", Encoding.class);
        return page.page.toString().stripTrailing() + "\n";
    }

    private void components(String title, String where, Class<?> kind) {
        page.append("## ").append(title).append("\n\n");
        boolean named = kind == Envelope.class || kind == Encoding.class;
        page.append("What can stand in ")
                .append(where)
                .append(
                        kind == Dlq.class
                                ? ", as a block with `type` and its settings.\n\n"
                                : named
                                        ? ", by its name alone or as a block with `type` and its settings.\n\n"
                                        : ".\n\n");
        if (kind == Sink.class) {
            page.append("### Every sink\n\n")
                    .append(
                            "What `config` takes beside the sink's own settings; see [backpressure](../backpressure.md).\n\n");
            table(SinkPolicy.class);
        }
        for (ComponentType<?, ?> type : components.ofKind(kind)) {
            page.append("### `type: ")
                    .append(type.name())
                    .append("`\n\n")
                    .append(type.doc())
                    .append("\n\n");
            table(type.config());
        }
    }

    private void table(Class<? extends Record> config) {
        if (Key.of(config).isEmpty()) {
            page.append("No settings.\n\n");
            return;
        }
        page.append("| key | type | default | |\n|---|---|---|---|\n");
        rows(config, "");
        page.append('\n');
    }

    private void rows(Class<? extends Record> config, String prefix) {
        for (Key key : Key.of(config)) {
            String name = prefix + key.name();
            page.append("| `")
                    .append(name)
                    .append("` | ")
                    .append(type(key.shape()))
                    .append(" | ");
            page.append(defaultOf(key))
                    .append(" | ")
                    .append(key.doc().replace("|", "\\|"))
                    .append(" |\n");
            if (key.shape() instanceof Shape.ListOf list && list.item() instanceof Shape.FilteredSink) {
                page.append("| `")
                        .append(name)
                        .append("[].filter` | block |  | ")
                        .append(SinkEntry.DOC)
                        .append(" |\n");
                rows(EventFilter.class, name + "[].filter.");
            }
            if (key.shape() instanceof Shape.Block block) {
                for (Class<? extends Record> variant : block.variants()) {
                    rows(variant, name + ".");
                }
            }
        }
    }

    private static String defaultOf(Key key) {
        if (key.isRequired()) {
            return "required";
        }
        boolean nothing = key.defaultText().isEmpty() || List.of("{}", "[]").contains(key.defaultText());
        return nothing ? "" : "`" + key.defaultText() + "`";
    }

    private static String type(Shape shape) {
        return switch (shape) {
            case Shape.Text text -> "text";
            case Shape.Hidden secret -> "secret";
            case Shape.Whole whole -> "whole number";
            case Shape.Decimal decimal -> "number";
            case Shape.Flag flag -> "`true`, `false`";
            case Shape.Time time -> "duration";
            case Shape.Choice choice ->
                Wording.words(choice.type()).stream()
                        .map(word -> "`" + word + "`")
                        .collect(Collectors.joining(", "));
            case Shape.ListOf list -> "list of " + plural(type(list.item()));
            case Shape.MapOf map -> "map of " + plural(type(map.value()));
            case Shape.Parsed parsed -> parsed.type() == Template.class ? "template" : "text";
            case Shape.Block block -> block.parse() == null ? "block" : "text or block";
            case Shape.Component component -> component.noun();
            case Shape.FilteredSink entry -> entry.sink().noun();
            case Shape.OneSource source -> "source";
            case Shape.AsInPipeline any -> "as there";
        };
    }

    private static String plural(String noun) {
        return noun + "s";
    }
}
