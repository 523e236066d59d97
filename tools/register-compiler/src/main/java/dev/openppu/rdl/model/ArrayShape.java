package dev.openppu.rdl.model;

import java.util.List;

/**
 * How often an instance repeats.
 *
 * @param dimensions elements in each dimension, outermost first; empty for a single instance
 * @param stride     bytes from one element to the next in the innermost dimension, 0 for a single instance
 */
public record ArrayShape(List<Long> dimensions, long stride) {

    /** A single instance. */
    public static final ArrayShape SINGLE = new ArrayShape(List.of(), 0);

    public ArrayShape {
        dimensions = List.copyOf(dimensions);
    }

    /** Whether this is an array at all. */
    public boolean isArray() {
        return !dimensions.isEmpty();
    }

    /** Bytes from the first element to the element that is {@code element}-th, counted through all dimensions, the last fastest. */
    public long offset(long element) {
        return element * stride;
    }

    /** How the {@code element}-th element is written: {@code [2][0]}; empty for a single instance. */
    public String subscript(long element) {
        StringBuilder text = new StringBuilder();
        long rest = element;
        for (int dimension = dimensions.size() - 1; dimension >= 0; dimension--) {
            long extent = dimensions.get(dimension);
            text.insert(0, "[" + rest % extent + "]");
            rest /= extent;
        }
        return text.toString();
    }

    /** Elements in all dimensions together; 1 for a single instance. */
    public long count() {
        long count = 1;
        for (long dimension : dimensions) {
            count *= dimension;
        }
        return count;
    }
}
