package dev.openppu.cli.run;

import dev.openppu.cli.reference.Operand;
import dev.openppu.driver.tix.LaunchArgument.Element;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * An array on the host that goes to the device or comes from it.
 *
 * @param element type of its elements
 * @param shape   extents, outermost first
 * @param data    the elements in C order, little-endian
 */
record HostArray(Element element, List<Long> shape, MemorySegment data) {
    private static final ValueLayout.OfFloat F4 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble F8 = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I4 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    HostArray {
        shape = List.copyOf(shape);
    }

    /** Its numbers. */
    Operand operand() {
        return new Operand(shape, switch (element) {
            case F4 -> index -> data.getAtIndex(F4, index);
            case F8 -> index -> data.getAtIndex(F8, index);
            case I4 -> index -> data.getAtIndex(I4, index);
            case GRAY8 -> index -> data.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
        });
    }

    String describe() {
        return name(element) + shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }

    /** As headers write it. */
    static String name(Element element) {
        return element.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Bytes of an array.
     *
     * @throws ArithmeticException if that does not fit a long
     */
    static long bytes(Element element, List<Long> shape) {
        long bytes = element.bytes();
        for (long extent : shape) {
            bytes = Math.multiplyExact(bytes, extent);
        }
        return bytes;
    }
}
