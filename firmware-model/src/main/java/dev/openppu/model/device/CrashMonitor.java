package dev.openppu.model.device;

import dev.openppu.abi.firmware.CrashRecord;
import dev.openppu.abi.firmware.CrashRecord.RegisterValue;
import dev.openppu.abi.firmware.LogRecord;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.model.memory.ReservedMemory;
import dev.openppu.model.reg.BootRegs;
import dev.openppu.model.reg.ErrorLogRegs;
import dev.openppu.model.reg.FwRegs;
import dev.openppu.model.reg.InterruptsRegs;
import dev.openppu.model.reg.MmuRegs;
import dev.openppu.model.reg.PpuBar0Regs;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Watches the firmware processor and writes down why the firmware stopped: a {@link CrashRecord} in the second half of the reserved memory. It trusts nothing
 * that the firmware left there: log records that are damaged are left out.
 */
final class CrashMonitor {
    private static final int MOST_LINES = 32;

    private final Mmio registers;
    private final FwRegs fw;
    private final ReservedMemory reserved;

    CrashMonitor(Mmio registers, ReservedMemory reserved) {
        this.registers = registers;
        this.fw = new PpuBar0Regs(registers).fw();
        this.reserved = reserved;
    }

    /** Leaves a record; a device without reserved memory has nowhere to. */
    void record(String reason, int firmwareVersion, long nanos) {
        byte[] record = new CrashRecord(firmwareVersion, nanos, reason, registerValues(), lastLines()).encode();
        long address = reserved.address() + reserved.bytes() / 2;
        if (reserved.write(address, MemorySegment.ofArray(record))) {
            fw.writeCrashAddress(address);
            fw.writeCrashSize(record.length);
        }
    }

    /** The host has read it. */
    void taken() {
        fw.writeCrashSize(0);
    }

    private List<LogRecord> lastLines() {
        List<LogRecord> lines = new ArrayList<>();
        int slots = fw.readLogRecords();
        int head = fw.readLogHead();
        MemorySegment bytes = MemorySegment.ofArray(new long[LogRecord.BYTES / Long.BYTES]);
        for (int sequence = head - Math.min(slots, MOST_LINES); slots != 0 && sequence != head; sequence++) {
            long slot = fw.readLogAddress() + (long) Integer.remainderUnsigned(sequence, slots) * LogRecord.BYTES;
            int expected = sequence;
            if (reserved.read(slot, bytes)) {
                LogRecord.decode(bytes, 0).filter(line -> line.sequence() == expected).ifPresent(lines::add);
            }
        }
        return lines;
    }

    private List<RegisterValue> registerValues() {
        PpuBar0Regs map = new PpuBar0Regs(registers);
        long boot = map.boot().base();
        long firmware = map.fw().base();
        return List.of(word(boot + BootRegs.STATUS_OFFSET), word(boot + BootRegs.RESETS_OFFSET), word(firmware + FwRegs.HEARTBEAT_OFFSET),
                word(firmware + FwRegs.RING_CONTROL_OFFSET), word(firmware + FwRegs.COMMAND_TAIL_OFFSET),
                word(firmware + FwRegs.COMMAND_HEAD_OFFSET), word(firmware + FwRegs.EVENT_TAIL_OFFSET),
                word(firmware + FwRegs.EVENT_HEAD_OFFSET), word(firmware + FwRegs.LOG_HEAD_OFFSET),
                word(map.interrupts().base() + InterruptsRegs.RAW_OFFSET), word(map.mmu().base() + MmuRegs.FAULT_STATUS_OFFSET),
                word(map.errorLog().base() + ErrorLogRegs.TOTAL_OFFSET));
    }

    private RegisterValue word(long offset) {
        return new RegisterValue((int) offset, Integer.BYTES, Integer.toUnsignedLong(registers.read32(offset)));
    }
}
