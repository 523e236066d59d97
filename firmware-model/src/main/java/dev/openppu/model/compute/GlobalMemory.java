package dev.openppu.model.compute;

import dev.openppu.abi.error.FaultMapping;
import dev.openppu.model.compute.ComputeMemory.Access;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A block's view of global memory: the translations it used last, so that a warp's accesses to one page cost one translation. Plain accesses are single loads
 * and stores of their size; whoever needs order asks for it with a fence. Used by one thread at a time.
 */
final class GlobalMemory {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ATOMIC_INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle ATOMIC_LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    /** Translations kept per kind of access, found by bits 12 and up of the address. */
    private static final int KEPT = 32;
    private static final int PAGE_SHIFT = 12;

    private final ComputeMemory memory;
    private final @Nullable Span[] loads = new Span[KEPT];
    private final @Nullable Span[] stores = new Span[KEPT];
    private final @Nullable Span[] atomics = new Span[KEPT];
    private long epoch;

    GlobalMemory(ComputeMemory memory) {
        this.memory = memory;
        this.epoch = memory.epoch();
    }

    /** To be called at the beginning of every memory instruction. */
    void begin() {
        long now = memory.epoch();
        if (now != epoch) {
            epoch = now;
            Arrays.fill(loads, null);
            Arrays.fill(stores, null);
            Arrays.fill(atomics, null);
        }
    }

    /** The span that holds an access. */
    Span span(long address, int bytes, Access access, int lane) throws DeviceTrap {
        @Nullable
        Span[] kept = switch (access) {
            case LOAD, FETCH -> loads;
            case STORE -> stores;
            case ATOMIC -> atomics;
        };
        int slot = (int) (address >>> PAGE_SHIFT) & KEPT - 1;
        Span span = kept[slot];
        if (span == null || !span.covers(address, bytes)) {
            try {
                span = memory.resolve(address, access);
            } catch (AccessFault fault) {
                throw new DeviceTrap(fault, lane);
            }
            kept[slot] = span;
            begin();
        }
        return span;
    }

    /** Reads 1, 2, 4 or 8 aligned bytes, zero-extended. */
    long load(Span span, long address, int bytes, int lane) throws DeviceTrap {
        MemorySegment segment = span.segment();
        if (segment == null) {
            return loadSingly(address, bytes, lane);
        }
        long offset = address - span.start();
        return switch (bytes) {
            case 1 -> segment.get(ValueLayout.JAVA_BYTE, offset) & 0xFFL;
            case 2 -> segment.get(SHORT, offset) & 0xFFFFL;
            case 4 -> segment.get(INT, offset) & 0xFFFF_FFFFL;
            default -> segment.get(LONG, offset);
        };
    }

    private long loadSingly(long address, int bytes, int lane) throws DeviceTrap {
        try {
            return memory.load(address, bytes);
        } catch (AccessFault fault) {
            throw new DeviceTrap(fault, lane);
        }
    }

    /** Writes 1, 2, 4 or 8 aligned bytes. */
    void store(Span span, long address, int bytes, long value, int lane) throws DeviceTrap {
        MemorySegment segment = span.segment();
        if (segment == null) {
            storeSingly(address, bytes, value, lane);
            return;
        }
        long offset = address - span.start();
        switch (bytes) {
            case 1 -> segment.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
            case 2 -> segment.set(SHORT, offset, (short) value);
            case 4 -> segment.set(INT, offset, (int) value);
            default -> segment.set(LONG, offset, value);
        }
    }

    private void storeSingly(long address, int bytes, long value, int lane) throws DeviceTrap {
        try {
            memory.store(address, bytes, value);
        } catch (AccessFault fault) {
            throw new DeviceTrap(fault, lane);
        }
    }

    /** 32 neighbouring ints, starting at {@code address}, into a row of registers; the span must cover them and have a segment. */
    static void loadRow(Span span, MemorySegment segment, long address, int[] registers, int row) {
        MemorySegment.copy(segment, INT, address - span.start(), registers, row, 32);
    }

    /** A row of registers into 32 neighbouring ints. */
    static void storeRow(Span span, MemorySegment segment, long address, int[] registers, int row) {
        MemorySegment.copy(registers, row, segment, INT, address - span.start(), 32);
    }

    /** Reads 4 or 8 bytes that others may be changing atomically. */
    static long atomicGet(MemorySegment segment, long offset, int bytes) {
        return bytes == 4 ? (int) ATOMIC_INT.getVolatile(segment, offset) & 0xFFFF_FFFFL : (long) ATOMIC_LONG.getVolatile(segment, offset);
    }

    static boolean compareAndSet(MemorySegment segment, long offset, int bytes, long expected, long value) {
        return bytes == 4
                ? ATOMIC_INT.compareAndSet(segment, offset, (int) expected, (int) value)
                : ATOMIC_LONG.compareAndSet(segment, offset, expected, value);
    }

    /** The span of an atomic access, which must be memory of the device. */
    Span atomicSpan(long address, int bytes, int lane) throws DeviceTrap {
        Span span = span(address, bytes, Access.ATOMIC, lane);
        if (span.segment() == null) {
            throw new DeviceTrap(FaultMapping.KERNEL_ATOMIC_ON_SYSTEM_MEMORY, lane, address, Access.ATOMIC);
        }
        return span;
    }

    /** Reads bytes outside of any block: descriptor, code, parameters. */
    static byte[] read(ComputeMemory memory, long address, int length, Access access) throws AccessFault {
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length) {
            Span span = memory.resolve(address + done, access);
            MemorySegment segment = span.segment();
            long offset = address + done - span.start();
            int piece = (int) Math.min(length - done, span.length() - offset);
            if (segment != null) {
                MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, bytes, done, piece);
            } else {
                for (int i = 0; i < piece; i++) {
                    bytes[done + i] = (byte) memory.load(address + done + i, 1);
                }
            }
            done += piece;
        }
        return bytes;
    }
}
