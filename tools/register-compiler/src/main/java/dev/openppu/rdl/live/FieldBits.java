package dev.openppu.rdl.live;

import dev.openppu.rdl.model.Field;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** The stored bits of one instance of a field, however many cells they are in. */
final class FieldBits {

    private final BitSpan[] spans;
    private final int width;

    /**
     * @param field the field
     * @param cells the cells that hold its register's value, from the lowest bits
     */
    FieldBits(Field field, Cell[] cells) {
        this.width = field.width();
        List<BitSpan> found = new ArrayList<>(1);
        for (int word = field.low() / 64; word <= field.high() / 64; word++) {
            int low = Math.max(field.low() - word * 64, 0);
            int bits = Math.min(field.high() - word * 64, 63) - low + 1;
            long mask = (bits == 64 ? -1L : (1L << bits) - 1) << low;
            found.add(new BitSpan(cells[word], low, word * 64 + low - field.low(), mask));
        }
        this.spans = found.toArray(BitSpan[]::new);
    }

    BitSpan[] spans() {
        return spans;
    }

    int width() {
        return width;
    }

    /** 64 bits of the field's value from bit {@code from} on. */
    long bits(int from) {
        long bits = 0;
        for (BitSpan span : spans) {
            int shift = span.from() - from;
            if (shift >= 0 && shift < 64) {
                bits |= span.get() << shift;
            } else if (shift < 0 && shift > -64) {
                bits |= span.get() >>> -shift;
            }
        }
        return bits;
    }

    boolean isZero() {
        for (BitSpan span : spans) {
            if (span.get() != 0) {
                return false;
            }
        }
        return true;
    }

    BigInteger value() {
        BigInteger value = BigInteger.ZERO;
        for (BitSpan span : spans) {
            value = value.or(Wide.unsigned(span.get()).shiftLeft(span.from()));
        }
        return value;
    }

    BigInteger ones() {
        return BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE);
    }
}
