package io.deltaforge.config;

import io.deltaforge.spi.JournalPolicy;
import io.deltaforge.spi.SinkPolicy;

/** Checks that what sinks want sent to the dead letter queue finds one that can give it back. */
final class LetterPolicies {
    private LetterPolicies() {}

    static void report(PipelineFile pipeline, Node.Mapping root, Problems problems) {
        for (int i = 0; i < pipeline.spec().sinks().size(); i++) {
            SinkPolicy policy = pipeline.spec().sinks().get(i).policy();
            if (policy.sendsLetters()) {
                report(pipeline, root, i, new String[] {"dlq"}, "send_on_error and send_on_timeout need", problems);
            }
            SinkPolicy.Backpressure thresholds = policy.thresholds();
            if (thresholds != null && thresholds.onEmergency() == SinkPolicy.OnEmergency.DLQ) {
                String[] keys = {"backpressure", "on_emergency"};
                report(pipeline, root, i, keys, "on_emergency: dlq needs", problems);
            }
        }
    }

    private static void report(
            PipelineFile pipeline, Node.Mapping root, int sink, String[] keys, String who, Problems problems) {
        Place place = keys.length == 1
                ? PipelineFiles.placeOf(root, "spec", "sinks", sink, "config", keys[0])
                : PipelineFiles.placeOf(root, "spec", "sinks", sink, "config", keys[0], keys[1]);
        String path = "spec.sinks[" + sink + "].config." + String.join(".", keys);
        JournalPolicy journal = pipeline.spec().journal();
        if (!journal.enabled()) {
            problems.add(
                    place,
                    path,
                    who + " a dead letter queue that keeps whole events to send them again"
                            + (pipeline.spec().dlq() == null ? "" : ", which a topic does not"),
                    pipeline.spec().dlq() == null
                            ? "set spec.journal.enabled: true"
                            : "use spec.journal (enabled: true) in place of spec.dlq");
        } else if (journal.dlq().maxEntries() < pipeline.spec().batch().maxEvents()) {
            problems.add(
                    place,
                    path,
                    "a whole batch goes to the dead letter queue, but spec.journal.dlq.max_entries ("
                            + journal.dlq().maxEntries() + ") is less than spec.batch.max_events ("
                            + pipeline.spec().batch().maxEvents() + ")",
                    "raise max_entries");
        }
    }
}
