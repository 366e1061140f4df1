package io.deltaforge.spi;

/** A text value that is written again and again, prepared once so that writing it is a copy; see {@link FieldName}. */
public final class TextConstant {
    private final String text;
    private final byte[] json;

    public TextConstant(String text) {
        this.text = text;
        this.json = JsonText.quoted(text, "");
    }

    /** The text as a JSON string; not to be changed. */
    public byte[] json() {
        return json;
    }

    @Override
    public String toString() {
        return text;
    }
}
