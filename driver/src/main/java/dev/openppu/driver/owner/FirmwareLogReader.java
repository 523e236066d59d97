package dev.openppu.driver.owner;

import dev.openppu.abi.firmware.LogRecord;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.driver.FirmwareLog;
import dev.openppu.driver.FirmwareLogEntry;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the firmware's rolling log from reserved device memory. What the registers say of its place and size is checked against the memory before anything is read; a record that was overwritten meanwhile,
 * or is damaged, is counted and left out.
 */
public final class FirmwareLogReader {
    /** Records read at most, the newest: a device that claims more does not cost more. */
    private static final int MOST_RECORDS = 4096;

    private FirmwareLogReader() {}

    public static FirmwareLog read(DeviceAccess device, DeviceMemoryPort port) {
        return read(device, port, () -> {});
    }

    /** @param before runs before each record; what it throws ends the reading */
    public static FirmwareLog read(DeviceAccess device, DeviceMemoryPort port, Runnable before) {
        FwRegs registers = device.registers().fw();
        long address = registers.readLogAddress();
        long slots = Integer.toUnsignedLong(device.checked(registers.readLogRecords()));
        if (address == 0 || slots == 0) {
            return new FirmwareLog(List.of(), 0, 0);
        }
        if (address < 0 || slots > port.memoryBytes() / LogRecord.BYTES || address > port.memoryBytes() - slots * LogRecord.BYTES) {
            throw device.nonsense("firmware log", "it claims %d records at 0x%x, outside its %d bytes of memory".formatted(slots, address,
                    port.memoryBytes()));
        }
        int head = registers.readLogHead();
        long written = Integer.toUnsignedLong(head);
        int count = (int) Math.min(MOST_RECORDS, Math.min(slots, written));
        MemorySegment record = MemorySegment.ofArray(new byte[LogRecord.BYTES]);
        List<LogRecord> records = new ArrayList<>();
        int damaged = 0;
        for (int sequence = head - count; sequence != head; sequence++) {
            before.run();
            port.read(address + Integer.toUnsignedLong(sequence) % slots * LogRecord.BYTES, record);
            int expected = sequence;
            var decoded = LogRecord.decode(record, 0).filter(r -> r.sequence() == expected);
            decoded.ifPresent(records::add);
            damaged += decoded.isEmpty() ? 1 : 0;
        }
        return new FirmwareLog(entries(records), written - count, damaged);
    }

    /** Texts that were spread over several records are put together where their records follow each other. */
    private static List<FirmwareLogEntry> entries(List<LogRecord> records) {
        List<FirmwareLogEntry> entries = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int first = 0;
        for (int i = 0; i < records.size(); i++) {
            LogRecord record = records.get(i);
            if (text.isEmpty()) {
                first = record.sequence();
            }
            text.append(record.text());
            boolean goesOn = record.continued() && i + 1 < records.size() && records.get(i + 1).sequence() == record.sequence() + 1;
            if (!goesOn) {
                entries.add(new FirmwareLogEntry(Integer.toUnsignedLong(first), record.nanos(), record.level(), text.toString()));
                text.setLength(0);
            }
        }
        return entries;
    }
}
