package io.deltaforge.spi;

import java.util.function.DoubleSupplier;

/**
 * A number that a component's driver keeps of itself, for the metrics.
 *
 * @param name its words separated by dots, the last one its unit, e.g. {@code kafka.producer.request.latency.avg.seconds}
 * @param description one sentence
 * @param total true for one that only grows, until a new driver begins at 0
 * @param value any thread, at any time; does no I/O
 */
public record Figure(String name, String description, boolean total, DoubleSupplier value) {}
