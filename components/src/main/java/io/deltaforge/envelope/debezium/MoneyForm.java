package io.deltaforge.envelope.debezium;

import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.value.Malformed;
import io.deltaforge.spi.value.Scratch;
import io.deltaforge.spi.value.ValueWriter;

/**
 * Money as a decimal of scale 2, Debezium's {@code money.fraction.digits}: the digits of {@code -$1,234.50} or
 * {@code ($1.234,50)} without currency, separators and decoration. Up to two digits after the last separator are
 * fractions; with more it separated thousands. Confined to one thread.
 */
final class MoneyForm implements ValueWriter {
    private static final int SCALE = 2;

    private final DecimalHandling handling;
    private final UnscaledDecimal unscaled = new UnscaledDecimal();
    private final Scratch scratch = new Scratch();

    MoneyForm(DecimalHandling handling) {
        this.handling = handling;
    }

    @Override
    public void write(byte[] data, int from, int to, DocumentWriter out) {
        byte[] plain = scratch.ofSize(to - from + SCALE + 2);
        int length = plainDigits(data, from, to, plain);
        switch (handling) {
            case PRECISE -> unscaled.write(plain, 0, length, SCALE, out);
            case STRING -> out.plainText(plain, 0, length);
            case DOUBLE -> out.number(plain, 0, length);
        }
    }

    /** Writes {@code -1234.50} into {@code plain} and returns its length. */
    private static int plainDigits(byte[] data, int from, int to, byte[] plain) {
        int lastDigit = to - 1;
        while (lastDigit >= from && !isDigit(data[lastDigit])) {
            lastDigit--;
        }
        int firstDigit = from;
        while (firstDigit < lastDigit && !isDigit(data[firstDigit])) {
            firstDigit++;
        }
        if (lastDigit < from) {
            throw Malformed.text("money", data, from, to);
        }
        int fraction = 0;
        while (fraction < lastDigit - firstDigit && isDigit(data[lastDigit - fraction])) {
            fraction++;
        }
        byte separator = data[lastDigit - fraction];
        boolean hasFraction = (separator == '.' || separator == ',') && fraction <= SCALE;
        int point = hasFraction ? lastDigit - fraction : lastDigit + 1;
        int length = 0;
        if (isNegative(data, from, to)) {
            plain[length++] = '-';
        }
        for (int i = firstDigit; i <= lastDigit; i++) {
            if (i == point) {
                plain[length++] = '.';
            } else if (isDigit(data[i])) {
                plain[length++] = data[i];
            }
        }
        return length;
    }

    private static boolean isNegative(byte[] data, int from, int to) {
        for (int i = from; i < to; i++) {
            if (data[i] == '-' || data[i] == '(') {
                return true;
            }
        }
        return false;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
