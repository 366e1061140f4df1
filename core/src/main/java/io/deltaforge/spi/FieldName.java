package io.deltaforge.spi;

/**
 * The name of a field, prepared once so that writing it is a copy.
 *
 * <p>Two writers of the same encoding share {@link #json}: {@code "name":}, quoted and escaped.
 */
public final class FieldName {
    private final String name;
    private final byte[] json;

    public FieldName(String name) {
        this.name = name;
        this.json = JsonText.quoted(name, ":");
    }

    public String name() {
        return name;
    }

    /** Not to be changed. */
    public byte[] json() {
        return json;
    }

    @Override
    public String toString() {
        return name;
    }
}
