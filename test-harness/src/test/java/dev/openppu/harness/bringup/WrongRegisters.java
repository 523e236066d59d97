package dev.openppu.harness.bringup;

import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.hal.DeviceLink;
import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/** A register of BAR0 that always goes wrong; of queues the same register of each. */
final class WrongRegisters {
    private WrongRegisters() {}

    /** Which registers are meant. */
    @FunctionalInterface
    private interface Place {
        boolean is(PpuBar0Regs registers, long offset);
    }

    /** Reads of the register at this offset are changed. */
    static UnaryOperator<DeviceLink> reading(ToLongFunction<PpuBar0Regs> register, LongUnaryOperator change) {
        return changed(at(register), change, LongUnaryOperator.identity());
    }

    /** Writes to the register at this offset are changed. */
    static UnaryOperator<DeviceLink> writing(ToLongFunction<PpuBar0Regs> register, LongUnaryOperator change) {
        return changed(at(register), LongUnaryOperator.identity(), change);
    }

    /** Reads of the register at this offset within each queue's block are changed. */
    static UnaryOperator<DeviceLink> readingQueues(long register, LongUnaryOperator change) {
        return changed(ofQueues(register), change, LongUnaryOperator.identity());
    }

    /** Writes to the register at this offset within each queue's block are changed. */
    static UnaryOperator<DeviceLink> writingQueues(long register, LongUnaryOperator change) {
        return changed(ofQueues(register), LongUnaryOperator.identity(), change);
    }

    private static Place at(ToLongFunction<PpuBar0Regs> register) {
        return (registers, offset) -> offset == register.applyAsLong(registers);
    }

    private static Place ofQueues(long register) {
        return (registers, offset) -> {
            long within = offset - registers.queue(0).base();
            return within >= 0 && within < PpuBar0Regs.QUEUE_COUNT * QueueRegs.SIZE && within % QueueRegs.SIZE == register;
        };
    }

    private static UnaryOperator<DeviceLink> changed(Place place, LongUnaryOperator reads, LongUnaryOperator writes) {
        return link -> new DefectiveRegisters(link) {
            @Override
            protected long reads(PpuBar0Regs registers, long offset, long value) {
                return place.is(registers, offset) ? reads.applyAsLong(value) : value;
            }

            @Override
            protected long arrives(PpuBar0Regs registers, long offset, long value) {
                return place.is(registers, offset) ? writes.applyAsLong(value) : value;
            }
        };
    }
}
