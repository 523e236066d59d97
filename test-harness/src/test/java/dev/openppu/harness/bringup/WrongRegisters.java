package dev.openppu.harness.bringup;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.mmio.Mmio;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/** A register of BAR0 that goes wrong; of an array of blocks the same register of each. */
final class WrongRegisters {
    private WrongRegisters() {}

    /** What becomes of a value. */
    @FunctionalInterface
    interface Change {
        long of(long value);
    }

    /** Reads of the register at this offset are changed. */
    static UnaryOperator<DeviceLink> reading(ToLongFunction<PpuBar0Regs> place, Change change) {
        return trapped(place, 1, 0, change, value -> value);
    }

    /** Writes to the register at this offset are changed. */
    static UnaryOperator<DeviceLink> writing(ToLongFunction<PpuBar0Regs> place, Change change) {
        return trapped(place, 1, 0, value -> value, change);
    }

    /** Writes to the same register of each of {@code count} blocks are changed. */
    static UnaryOperator<DeviceLink> writing(ToLongFunction<PpuBar0Regs> first, int count, long stride, Change change) {
        return trapped(first, count, stride, value -> value, change);
    }

    private static UnaryOperator<DeviceLink> trapped(ToLongFunction<PpuBar0Regs> first, int count, long stride, Change reads,
            Change writes) {
        return link -> new DefectiveLink(link) {
            @Override
            public Mmio bar(int index) {
                Mmio window = super.bar(index);
                if (index != PpuIds.BAR_REGISTERS) {
                    return window;
                }
                long begin = first.applyAsLong(new PpuBar0Regs(window));
                return through(window, new Trap() {
                    private boolean here(long offset) {
                        return offset == begin || offset > begin && offset < begin + count * stride && (offset - begin) % stride == 0;
                    }

                    @Override
                    public long read(long offset, int bytes) {
                        long value = super.read(offset, bytes);
                        return here(offset) ? reads.of(value) : value;
                    }

                    @Override
                    public void write(long offset, int bytes, long value) {
                        super.write(offset, bytes, here(offset) ? writes.of(value) : value);
                    }
                });
            }
        };
    }
}
