package io.deltaforge.spi.log;

/** The members of a JSON object in a text, found without building anything. Confined to one thread. */
public final class JsonObject {
    private final byte[] data;
    private final JsonScan scan;

    /** @param limit behind the text's last byte */
    public JsonObject(byte[] data, int limit) {
        this.data = data;
        this.scan = new JsonScan(data, limit);
    }

    /** True when the object that begins at {@code from} has the member; the rest then tells of its value. */
    public boolean find(byte[] name, int from) {
        return scan.find(name, from);
    }

    /** Where the value begins; of a text, behind its quote. */
    public int valueStart() {
        return scan.valueStart();
    }

    /** Where the value ends; of a text, before its quote. */
    public int valueEnd() {
        return scan.valueEnd();
    }

    /** True when the value is a text that means something else than it says. */
    public boolean isEscaped() {
        return scan.isEscaped();
    }

    /** What an escaped text means, in UTF-8, in a new array. */
    public byte[] unescaped() {
        return JsonUnescape.bytes(data, scan.valueStart(), scan.valueEnd());
    }
}
