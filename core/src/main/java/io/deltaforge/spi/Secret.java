package io.deltaforge.spi;

/** A text that must never be seen: it prints as {@code ***}. */
public record Secret(String reveal) {
    @Override
    public String toString() {
        return "***";
    }
}
