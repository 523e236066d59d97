package dev.openppu.cli.npy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An array in C order.
 *
 * @param type  type of its elements
 * @param shape extent of each dimension, outermost first; empty for a single value
 * @param data  exactly the elements, little-endian
 */
public record NpyArray(ElementType type, List<Long> shape, MemorySegment data) {

    public NpyArray {
        shape = List.copyOf(shape);
        long expected = byteSize(type, shape);
        if (data.byteSize() != expected) {
            throw new IllegalArgumentException(
                    "an array " + describe(type, shape) + " takes " + expected + " bytes, not " + data.byteSize());
        }
    }

    /** How many elements there are. */
    public long length() {
        return data.byteSize() / type.bytes();
    }

    /** One element by its index in C order. */
    public double get(long index) {
        return type.get(data, index);
    }

    /** Stores one element by its index in C order, rounded to its type. */
    public void set(long index, double value) {
        type.set(data, index, value);
    }

    /** For messages, for example {@code f4[512, 512]}. */
    public String describe() {
        return describe(type, shape);
    }

    /** For messages, for example {@code f4[512, 512]}. */
    public static String describe(ElementType type, List<Long> shape) {
        return type.shortName() + shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }

    /**
     * Bytes of all elements.
     *
     * @throws ArithmeticException if that does not fit a long
     */
    public static long byteSize(ElementType type, List<Long> shape) {
        if (shape.contains(0L)) {
            return 0;
        }
        long bytes = type.bytes();
        for (long extent : shape) {
            bytes = Math.multiplyExact(bytes, extent);
        }
        return bytes;
    }
}
