package io.deltaforge.cli;

import picocli.CommandLine.Command;

/** {@code deltaforge dlq}. */
@Command(
        name = "dlq",
        mixinStandardHelpOptions = true,
        description = {
            "Looks after events that a sink could not deliver.",
            "A pipeline with spec.journal.enabled: true keeps them below its data directory. All of this works beside the"
                    + " running pipeline."
        },
        subcommands = {
            DlqListCommand.class,
            DlqShowCommand.class,
            DlqReplayCommand.class,
            DlqAckCommand.class,
            DlqPurgeCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deltaforge dlq list --pipeline orders",
            "  deltaforge dlq show --pipeline orders 7",
            "  deltaforge dlq replay --pipeline orders --error-kind message_too_large",
            "  deltaforge dlq replay --pipeline orders 7 --file mended.json",
            "  deltaforge dlq ack --pipeline orders 7",
            "  deltaforge dlq purge --pipeline orders --sink archive"
        })
final class DlqCommand {}
