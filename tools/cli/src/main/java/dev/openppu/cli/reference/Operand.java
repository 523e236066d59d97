package dev.openppu.cli.reference;

import java.util.List;

/**
 * An array of numbers that a reference reads.
 *
 * @param shape  extents, outermost first
 * @param values one value by its index in C order
 */
public record Operand(List<Long> shape, Values values) {

    public Operand {
        shape = List.copyOf(shape);
    }

    /** Values by their index in C order. */
    @FunctionalInterface
    public interface Values {
        double get(long index);
    }

    /** How many values there are. */
    public long length() {
        long length = 1;
        for (long extent : shape) {
            length = Math.multiplyExact(length, extent);
        }
        return length;
    }

    double get(long index) {
        return values.get(index);
    }
}
