package dev.openppu.model.compute;

import dev.openppu.abi.error.FaultMapping;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Memory that belongs to a block (shared, local) or is the same for all its threads (parameters): bytes with their own bounds and exceptions. Only one
 * thread at a time executes a block, so nothing here is atomic or ordered.
 */
final class BlockMemory {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final FaultMapping outOfRange;
    private final FaultMapping misaligned;

    private BlockMemory(byte[] bytes, FaultMapping outOfRange, FaultMapping misaligned) {
        this.bytes = bytes;
        this.outOfRange = outOfRange;
        this.misaligned = misaligned;
    }

    static BlockMemory shared(int size) {
        return new BlockMemory(new byte[size], FaultMapping.KERNEL_SHARED_OUT_OF_RANGE, FaultMapping.KERNEL_SHARED_MISALIGNED);
    }

    static BlockMemory local(int size) {
        return new BlockMemory(new byte[size], FaultMapping.KERNEL_OUT_OF_RANGE, FaultMapping.KERNEL_MISALIGNED_GLOBAL);
    }

    static BlockMemory parameters(byte[] block) {
        return new BlockMemory(block, FaultMapping.KERNEL_OUT_OF_RANGE, FaultMapping.KERNEL_MISALIGNED_GLOBAL);
    }

    int size() {
        return bytes.length;
    }

    /**
     * Checks an access and answers where it is in the array.
     *
     * @param base where the window of addresses begins that the lane may use
     * @param limit length of that window
     * @param size bytes of the access, a power of two
     */
    int check(long address, int size, int base, int limit, int lane, ComputeMemory.Access access) throws DeviceTrap {
        if ((address & size - 1) != 0) {
            throw new DeviceTrap(misaligned, lane, address, access);
        }
        if (address < 0 || address > limit - size) {
            throw new DeviceTrap(outOfRange, lane, address, access);
        }
        return base + (int) address;
    }

    int intAt(int index) {
        return (int) INT.get(bytes, index);
    }

    void putIntAt(int index, int value) {
        INT.set(bytes, index, value);
    }

    /** 1, 2, 4 or 8 bytes at an index that {@link #check} gave, zero-extended. */
    long get(int index, int size) {
        return switch (size) {
            case 1 -> bytes[index] & 0xFFL;
            case 2 -> (short) SHORT.get(bytes, index) & 0xFFFFL;
            case 4 -> (int) INT.get(bytes, index) & 0xFFFF_FFFFL;
            default -> (long) LONG.get(bytes, index);
        };
    }

    /** Writes the low 1, 2, 4 or 8 bytes of a value. */
    void put(int index, int size, long value) {
        switch (size) {
            case 1 -> bytes[index] = (byte) value;
            case 2 -> SHORT.set(bytes, index, (short) value);
            case 4 -> INT.set(bytes, index, (int) value);
            default -> LONG.set(bytes, index, value);
        }
    }
}
