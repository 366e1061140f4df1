package io.deltaforge.spi;

import java.util.List;

/** What a component hands on to the driver underneath: {@code validate --explain} shows it. Does no I/O. */
public interface EffectiveSettings {

    /** Who takes them, e.g. {@code Kafka producer}. */
    String driver();

    /**
     * Those that are not the driver's own defaults first, each part in the order of the names.
     *
     * @param pipeline the name of the pipeline that the component is of
     */
    List<EffectiveSetting> effectiveSettings(String pipeline);

    /** What the user should know of them before the pipeline starts; without secrets. */
    List<String> warnings();
}
