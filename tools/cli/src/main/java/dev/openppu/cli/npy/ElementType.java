package dev.openppu.cli.npy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Types of an array's elements, all little-endian as the device is. */
public enum ElementType {
    F4("<f4", 4) {
        @Override
        double get(MemorySegment data, long index) {
            return data.getAtIndex(FLOAT, index);
        }

        @Override
        void set(MemorySegment data, long index, double value) {
            data.setAtIndex(FLOAT, index, (float) value);
        }
    },
    F8("<f8", 8) {
        @Override
        double get(MemorySegment data, long index) {
            return data.getAtIndex(DOUBLE, index);
        }

        @Override
        void set(MemorySegment data, long index, double value) {
            data.setAtIndex(DOUBLE, index, value);
        }
    },
    I4("<i4", 4) {
        @Override
        double get(MemorySegment data, long index) {
            return data.getAtIndex(INT, index);
        }

        @Override
        void set(MemorySegment data, long index, double value) {
            data.setAtIndex(INT, index, (int) value);
        }
    };

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String descriptor;
    private final int bytes;

    ElementType(String descriptor, int bytes) {
        this.descriptor = descriptor;
        this.bytes = bytes;
    }

    /** NumPy's name, for example {@code <f4}. */
    public String descriptor() {
        return descriptor;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** NumPy's name without the byte order, for example {@code f4}. */
    public String shortName() {
        return descriptor.substring(1);
    }

    /** By NumPy's name, with its byte order or without. */
    public static Optional<ElementType> of(String name) {
        return Arrays.stream(values()).filter(type -> type.descriptor.equals(name) || type.shortName().equals(name)).findFirst();
    }

    /** All names, for messages. */
    public static String names() {
        return Arrays.stream(values()).map(ElementType::shortName).collect(Collectors.joining(", "));
    }

    abstract double get(MemorySegment data, long index);

    abstract void set(MemorySegment data, long index, double value);
}
