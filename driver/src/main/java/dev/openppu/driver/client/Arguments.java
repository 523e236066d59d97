package dev.openppu.driver.client;

import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.KernelInfo;
import dev.openppu.abi.code.KernelParameter;
import dev.openppu.driver.DeviceMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Writes a launch's arguments into a parameter block, each checked against what the kernel declares.
 *
 * <p>A parameter takes the Java value of its width and kind: {@link Byte}, {@link Short}, {@link Integer}, {@link Long} for integers and bits of 8 to 64 bits,
 * {@link Float} and {@link Double} for {@code .f32} and {@code .f64} (and bits of that width), {@link DeviceMemory} for 64-bit addresses, a {@link MemorySegment} of
 * exactly its size for anything.
 */
public final class Arguments {
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final ContextLink link;

    public Arguments(ContextLink link) {
        this.link = link;
    }

    /** Writes all arguments at {@code base}; throws INVALID_VALUE naming the parameter that does not fit. Nothing is submitted then. */
    public void write(KernelInfo kernel, Object[] arguments, MemorySegment block, long base) {
        if (arguments.length != kernel.parameters().size()) {
            throw link.invalid("kernel " + kernel.name(),
                    "%d arguments given, %d parameters declared".formatted(arguments.length, kernel.parameters().size()),
                    "give: " + declaration(kernel));
        }
        for (int i = 0; i < arguments.length; i++) {
            KernelParameter parameter = kernel.parameters().get(i);
            if (!put(parameter, arguments[i], block, base + parameter.offset())) {
                throw mismatch(kernel, i, arguments[i]);
            }
        }
    }

    private boolean put(KernelParameter parameter, Object argument, MemorySegment block, long at) {
        DataType type = parameter.type();
        int bytes = parameter.bytes();
        boolean scalar = bytes == type.bytes();
        boolean integral = scalar && (type.isInteger() || type.kind() == DataType.Kind.BITS);
        boolean packed = scalar && (type.kind() == DataType.Kind.PACKED_FLOAT || type.kind() == DataType.Kind.PACKED_INTEGER);
        boolean bits = scalar && type.kind() == DataType.Kind.BITS;
        switch (argument) {
            case Byte value when integral && bytes == Byte.BYTES -> block.set(ValueLayout.JAVA_BYTE, at, value);
            case Short value when (integral || scalar && type.isFloat()) && bytes == Short.BYTES -> block.set(U16, at, value);
            case Integer value when (integral || packed) && bytes == Integer.BYTES -> block.set(U32, at, value);
            case Long value when (integral || packed) && bytes == Long.BYTES -> block.set(U64, at, value);
            case Float value when (type == DataType.F32 || bits) && bytes == Float.BYTES ->
                block.set(U32, at, Float.floatToRawIntBits(value));
            case Double value when (type == DataType.F64 || bits) && bytes == Double.BYTES ->
                block.set(U64, at, Double.doubleToRawLongBits(value));
            case DeviceMemory memory when integral && bytes == Long.BYTES -> block.set(U64, at, address(memory));
            case MemorySegment value when value.byteSize() == bytes -> MemorySegment.copy(value, 0, block, at, bytes);
            default -> {
                return false;
            }
        }
        return true;
    }

    private long address(DeviceMemory memory) {
        memory.requireOpen();
        if (memory.context().id() != link.number()) {
            throw link.invalid(memory.toString(), "it belongs to another context", "use memory of context " + link.number());
        }
        return memory.address();
    }

    private RuntimeException mismatch(KernelInfo kernel, int index, Object argument) {
        KernelParameter parameter = kernel.parameters().get(index);
        return link.invalid("kernel " + kernel.name(),
                "argument %d is %s, parameter %s is %s (%d bytes)".formatted(index, describe(argument), parameter.name(),
                        parameter.type().text(),
                        parameter.bytes()),
                "give: " + declaration(kernel));
    }

    private static String describe(Object argument) {
        return switch (argument) {
            case MemorySegment segment -> "a segment of " + segment.byteSize() + " bytes";
            case Object value -> value.getClass().getSimpleName();
        };
    }

    private static String declaration(KernelInfo kernel) {
        StringBuilder text = new StringBuilder("(");
        for (KernelParameter parameter : kernel.parameters()) {
            text.append(text.length() == 1 ? "" : ", ").append(parameter.type().text()).append(' ').append(parameter.name());
        }
        return text.append(')').toString();
    }
}
