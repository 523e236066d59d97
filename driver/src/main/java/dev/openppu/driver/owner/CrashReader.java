package dev.openppu.driver.owner;

import dev.openppu.abi.firmware.CrashRecord;
import dev.openppu.abi.reg.FwRegs;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Reads what a firmware left when it crashed, trusting neither its place nor its size. */
public final class CrashReader {
    private CrashReader() {}

    /** The last crash record; empty if there is none, or none that makes sense. */
    public static Optional<CrashRecord> read(DeviceAccess device, DeviceMemoryPort port) {
        FwRegs registers = device.registers().fw();
        long bytes = Integer.toUnsignedLong(registers.readCrashSize());
        long address = registers.readCrashAddress();
        if (bytes == 0 || bytes > CrashRecord.MAXIMUM_BYTES || address < 0 || address > port.memoryBytes() - bytes) {
            return Optional.empty();
        }
        MemorySegment record = MemorySegment.ofArray(new byte[(int) bytes]);
        port.read(address, record);
        return CrashRecord.decode(record);
    }

    /** Says that it was read: the next crash leaves its own. */
    static void taken(DeviceAccess device) {
        device.registers().fw().writeCrashTaken(FwRegs.CrashTaken.withTaken(0, true));
    }
}
