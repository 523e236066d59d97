package dev.openppu.model.firmware;

import dev.openppu.abi.firmware.LogLevel;
import dev.openppu.abi.firmware.LogRecord;
import dev.openppu.model.firmware.board.Board;
import dev.openppu.model.reg.FwRegs;
import dev.openppu.model.reg.MemoryRegs;
import dev.openppu.model.reg.PpuBar0Regs;
import java.lang.foreign.MemorySegment;
import java.util.function.BiConsumer;

/** The rolling log in the first half of the reserved memory, and the host's ear for what is grave. */
final class FirmwareLog {
    private static final long PAGE_BYTES = 4096;
    private static final int MOST_RECORDS = 4096;

    private final Board board;
    private final FwRegs registers;
    private final long address;
    private final int slots;
    private final BiConsumer<LogLevel, String> host;
    private final MemorySegment record = MemorySegment.ofArray(new long[LogRecord.BYTES / Long.BYTES]);
    private int head;

    /** @param host gets warnings and errors, too */
    FirmwareLog(Board board, PpuBar0Regs map, BiConsumer<LogLevel, String> host) {
        this.board = board;
        this.registers = map.fw();
        this.host = host;
        MemoryRegs memory = map.memory();
        long reserved = Integer.toUnsignedLong(memory.readReserved()) * PAGE_BYTES;
        this.address = reserved == 0 ? 0 : memory.readSize() - reserved;
        this.slots = (int) Math.min(MOST_RECORDS, reserved / 2 / LogRecord.BYTES);
    }

    /** Begins anew: what an earlier run left is no longer counted. */
    void open() {
        registers.writeLogAddress(address);
        registers.writeLogRecords(slots);
        registers.writeLogHead(0);
    }

    void information(String text) {
        write(LogLevel.INFORMATION, text);
    }

    void warning(String text) {
        write(LogLevel.WARNING, text);
        host.accept(LogLevel.WARNING, text);
    }

    void error(String text) {
        write(LogLevel.ERROR, text);
        host.accept(LogLevel.ERROR, text);
    }

    /** An error of which the host hears in a message of its own. */
    void reported(String text) {
        write(LogLevel.ERROR, text);
    }

    /** The records first, then the head: who sees the head sees the records. */
    private void write(LogLevel level, String text) {
        if (slots == 0) {
            return;
        }
        for (LogRecord piece : LogRecord.of(head, board.nanos(), level, text)) {
            piece.encode(record, 0);
            board.writeReserved(address + (long) Integer.remainderUnsigned(head, slots) * LogRecord.BYTES, record);
            head++;
        }
        registers.writeLogHead(head);
    }
}
