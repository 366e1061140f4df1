package io.deltaforge.spi;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Documents a setting: stands on the component of a config record. The component's name in snake case is the key; its
 * type says what is accepted; a {@code @Nullable} component without a default may be left out.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {

    /** One or two sentences for the reference pages. */
    String doc();

    /** The default as it would stand in YAML; empty when there is none. */
    String value() default "";

    /** The key, where it is not the component's name in snake case. */
    String key() default "";
}
