package io.deltaforge.spi;

import java.util.List;

/** A config record whose component hands settings on to a driver underneath: {@code validate --explain} shows them. */
public interface EffectiveSettings {

    /** In the order of their names; does no I/O. */
    List<EffectiveSetting> effectiveSettings();
}
