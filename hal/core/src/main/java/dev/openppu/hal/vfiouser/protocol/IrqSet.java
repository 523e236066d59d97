package dev.openppu.hal.vfiouser.protocol;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

/**
 * Payload of {@link Command#DEVICE_SET_IRQS}: one action on interrupts {@code start} to {@code start + count - 1} of a kind.
 *
 * @param flags one of {@link #DATA_NONE}, {@link #DATA_BOOL}, {@link #DATA_EVENTFD}, and one of {@link #MASK}, {@link #UNMASK}, {@link #TRIGGER}
 * @param index one of {@link PciIrq}
 * @param start first of the interrupts
 * @param count how many; 0 with {@link #DATA_NONE} and {@link #TRIGGER}: all of the kind are disabled
 * @param chosen with {@link #DATA_BOOL}: which of them, counted from {@code start}; else empty
 */
public record IrqSet(int flags, int index, int start, int count, BitSet chosen) implements Payload {
    /** Without the booleans. */
    public static final int BYTES = 20;
    public static final int DATA_NONE = 1;
    public static final int DATA_BOOL = 1 << 1;
    public static final int DATA_EVENTFD = 1 << 2;
    public static final int MASK = 1 << 3;
    public static final int UNMASK = 1 << 4;
    public static final int TRIGGER = 1 << 5;
    public static final int DATA_MASK = DATA_NONE | DATA_BOOL | DATA_EVENTFD;
    public static final int ACTION_MASK = MASK | UNMASK | TRIGGER;
    /** No device has more interrupts of a kind. */
    public static final int MOST = 2048;

    private static final int FLAGS_OFFSET = 4;
    private static final int INDEX_OFFSET = 8;
    private static final int START_OFFSET = 12;
    private static final int COUNT_OFFSET = 16;

    public IrqSet {
        chosen = (BitSet) chosen.clone();
    }

    /** One that carries no booleans. */
    public static IrqSet of(int flags, int index, int start, int count) {
        return new IrqSet(flags, index, start, count, new BitSet());
    }

    /** @throws ProtocolException if flags exclude each other or are unknown, or the counts do not fit the payload */
    public static IrqSet decode(MemorySegment payload) {
        Wire.demandAtLeast(payload, BYTES, "DEVICE_SET_IRQS");
        int flags = Wire.u32(payload, FLAGS_OFFSET);
        if ((flags & ~(DATA_MASK | ACTION_MASK)) != 0 || Integer.bitCount(flags & DATA_MASK) != 1
                || Integer.bitCount(flags & ACTION_MASK) != 1) {
            throw ProtocolException
                    .malformed("DEVICE_SET_IRQS has flags 0x%x, which are not one kind of data and one action".formatted(flags));
        }
        int start = Wire.u32(payload, START_OFFSET);
        int count = Wire.u32(payload, COUNT_OFFSET);
        if (start < 0 || count < 0 || start > MOST || count > MOST - start) {
            throw ProtocolException.malformed("DEVICE_SET_IRQS is about %s interrupts from %s on; no device has so many".formatted(Integer
                    .toUnsignedString(count), Integer.toUnsignedString(start)));
        }
        long bytes = (flags & DATA_BOOL) == 0 ? BYTES : (long) BYTES + count;
        Wire.demand(payload, bytes, "DEVICE_SET_IRQS");
        Wire.demandRoom(Wire.u32(payload, 0), bytes, "DEVICE_SET_IRQS");
        return new IrqSet(flags, Wire.u32(payload, INDEX_OFFSET), start, count, booleans(payload));
    }

    private static BitSet booleans(MemorySegment payload) {
        BitSet chosen = new BitSet();
        for (long at = BYTES; at < payload.byteSize(); at++) {
            chosen.set((int) at - BYTES, payload.get(ValueLayout.JAVA_BYTE, at) != 0);
        }
        return chosen;
    }

    @Override
    public BitSet chosen() {
        return (BitSet) chosen.clone();
    }

    public int data() {
        return flags & DATA_MASK;
    }

    public int action() {
        return flags & ACTION_MASK;
    }

    @Override
    public int bytes() {
        return BYTES + (data() == DATA_BOOL ? count : 0);
    }

    @Override
    public void encode(MemorySegment to) {
        Wire.u32(to, 0, bytes());
        Wire.u32(to, FLAGS_OFFSET, flags);
        Wire.u32(to, INDEX_OFFSET, index);
        Wire.u32(to, START_OFFSET, start);
        Wire.u32(to, COUNT_OFFSET, count);
        for (int i = 0; i < bytes() - BYTES; i++) {
            to.set(ValueLayout.JAVA_BYTE, BYTES + i, (byte) (chosen.get(i) ? 1 : 0));
        }
    }
}
