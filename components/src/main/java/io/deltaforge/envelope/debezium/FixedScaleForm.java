package io.deltaforge.envelope.debezium;

import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.value.ValueWriter;

/** {@code numeric(p,s)} as the bytes of {@code org.apache.kafka.connect.data.Decimal}. Confined to one thread. */
final class FixedScaleForm implements ValueWriter {
    private final int scale;
    private final UnscaledDecimal unscaled = new UnscaledDecimal();

    FixedScaleForm(int scale) {
        this.scale = scale;
    }

    @Override
    public void write(byte[] data, int from, int to, DocumentWriter out) {
        unscaled.write(data, from, to, scale, out);
    }
}
