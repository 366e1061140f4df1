package io.deltaforge.spi;

/**
 * A setting that a component runs with, for people who ask what their configuration became.
 *
 * @param name as the driver underneath calls it, e.g. {@code request.timeout.ms}
 * @param value as it may be shown: a secret is {@code ***}
 * @param note what is worth knowing about it; empty when there is nothing
 */
public record EffectiveSetting(String name, String value, Origin origin, String note) {

    /** Who decided the value. */
    public sealed interface Origin {

        /** Nobody said anything. */
        record Default() implements Origin {
            @Override
            public String toString() {
                return "default of DeltaForge";
            }
        }

        /** The component's own setting of this name, e.g. {@code send_timeout_secs}, given or by its default. */
        record OwnSetting(String key) implements Origin {
            @Override
            public String toString() {
                return key;
            }
        }

        /** Nobody said anything, we neither: the driver's own default. */
        record DriverDefault(String driver) implements Origin {
            @Override
            public String toString() {
                return "default of " + driver;
            }
        }

        /** The user, under this key, e.g. {@code client_conf message.timeout.ms}. */
        record Given(String key) implements Origin {
            @Override
            public String toString() {
                return key;
            }
        }

        /** It follows from other settings. */
        record Derived(String because) implements Origin {
            @Override
            public String toString() {
                return "derived: " + because;
            }
        }
    }
}
