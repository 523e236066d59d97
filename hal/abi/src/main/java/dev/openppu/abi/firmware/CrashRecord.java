package dev.openppu.abi.firmware;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the device leaves in its reserved memory when its firmware crashes: little-endian, at {@code fw.crash_address}, {@code fw.crash_size} bytes.
 *
 * <pre>
 *  0x00 magic        u64  "OPPUCRSH" in ASCII
 *  0x08 version      u32  of this layout: 1
 *  0x0C length       u32  bytes of the whole record, a multiple of 8
 *  0x10 checksum     u32  CRC-32C of all these bytes, this field zero
 *  0x14 firmware     u32  version, as fw.version
 *  0x18 nanos        u64  device time of the crash
 *  0x20 reason       u16  bytes of UTF-8, at most 512
 *  0x22 registers    u16  how many follow, at most 256
 *  0x24 log records  u16  how many follow, at most 256
 *  0x26 reserved     u16  zero
 *  0x28 reason text, zero-padded to a multiple of 8
 *  ...  registers, 16 bytes each: offset in BAR0 u32, bytes (4 or 8) u32, value u64
 *  ...  log records, 64 bytes each ({@link LogRecord}), oldest first, as they stood in the log
 * </pre>
 *
 * <p>The record is written completely before {@code fw.crash_size} says that it is there.
 *
 * @param firmwareVersion as {@code fw.version}
 * @param nanos device time
 * @param reason one sentence of the monitor's
 * @param registers as they read at the crash
 * @param log the last records that were whole, oldest first
 */
public record CrashRecord(int firmwareVersion, long nanos, String reason, List<RegisterValue> registers, List<LogRecord> log) {
    public static final int LAYOUT_VERSION = 1;
    /** Largest record that a reader has to expect. */
    public static final int MAXIMUM_BYTES = 0x28 + 512 + 256 * 16 + 256 * LogRecord.BYTES;
    /** Longest reason. */
    public static final int REASON_BYTES = 512;

    private static final long MAGIC = 0x4853_5243_5550_504fL;
    private static final int VERSION_OFFSET = 0x08;
    private static final int LENGTH_OFFSET = 0x0c;
    private static final int CHECKSUM_OFFSET = 0x10;
    private static final int FIRMWARE_OFFSET = 0x14;
    private static final int NANOS_OFFSET = 0x18;
    private static final int REASON_OFFSET = 0x20;
    private static final int REGISTERS_OFFSET = 0x22;
    private static final int LOG_OFFSET = 0x24;
    private static final int HEADER_BYTES = 0x28;
    private static final int REGISTER_BYTES = 16;
    private static final int MOST = 256;
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * One register at the crash.
     *
     * @param offset in BAR0
     * @param bytes 4 or 8
     * @param value zero-extended
     */
    public record RegisterValue(int offset, int bytes, long value) {}

    public CrashRecord {
        registers = List.copyOf(registers);
        log = List.copyOf(log);
        if (registers.size() > MOST || log.size() > MOST) {
            throw new IllegalArgumentException(
                    "%d registers and %d log records; at most 256 of each".formatted(registers.size(), log.size()));
        }
    }

    /** The whole record; a reason that is too long is cut. */
    public byte[] encode() {
        byte[] text = Utf8.pieces(reason, REASON_BYTES).getFirst();
        int afterText = HEADER_BYTES + padded(text.length);
        int length = afterText + registers.size() * REGISTER_BYTES + log.size() * LogRecord.BYTES;
        byte[] bytes = new byte[length];
        MemorySegment record = MemorySegment.ofArray(bytes);
        record.set(U64, 0, MAGIC);
        record.set(U32, VERSION_OFFSET, LAYOUT_VERSION);
        record.set(U32, LENGTH_OFFSET, length);
        record.set(U32, FIRMWARE_OFFSET, firmwareVersion);
        record.set(U64, NANOS_OFFSET, nanos);
        record.set(U16, REASON_OFFSET, (short) text.length);
        record.set(U16, REGISTERS_OFFSET, (short) registers.size());
        record.set(U16, LOG_OFFSET, (short) log.size());
        MemorySegment.copy(text, 0, record, ValueLayout.JAVA_BYTE, HEADER_BYTES, text.length);
        long at = afterText;
        for (RegisterValue register : registers) {
            record.set(U32, at, register.offset());
            record.set(U32, at + 4, register.bytes());
            record.set(U64, at + 8, register.value());
            at += REGISTER_BYTES;
        }
        for (LogRecord line : log) {
            line.encode(record, at);
            at += LogRecord.BYTES;
        }
        record.set(U32, CHECKSUM_OFFSET, Checksums.crc32c(record, CHECKSUM_OFFSET));
        return bytes;
    }

    /** Reads what the device wrote, trusting nothing; empty if it is no crash record, of another layout version, or damaged. Damaged log records are left out. */
    public static Optional<CrashRecord> decode(MemorySegment memory) {
        if (memory.byteSize() < HEADER_BYTES || memory.get(U64, 0) != MAGIC || memory.get(U32, VERSION_OFFSET) != LAYOUT_VERSION) {
            return Optional.empty();
        }
        int text = Short.toUnsignedInt(memory.get(U16, REASON_OFFSET));
        int registerCount = Short.toUnsignedInt(memory.get(U16, REGISTERS_OFFSET));
        int logCount = Short.toUnsignedInt(memory.get(U16, LOG_OFFSET));
        long afterText = (long) HEADER_BYTES + padded(text);
        long length = afterText + (long) registerCount * REGISTER_BYTES + (long) logCount * LogRecord.BYTES;
        if (text > REASON_BYTES || registerCount > MOST || logCount > MOST || length > memory.byteSize()
                || memory.get(U32, LENGTH_OFFSET) != length) {
            return Optional.empty();
        }
        MemorySegment record = memory.asSlice(0, length);
        if (record.get(U32, CHECKSUM_OFFSET) != Checksums.crc32c(record, CHECKSUM_OFFSET)) {
            return Optional.empty();
        }
        List<RegisterValue> registers = new ArrayList<>();
        for (long at = afterText; registers.size() < registerCount; at += REGISTER_BYTES) {
            registers.add(new RegisterValue(record.get(U32, at), record.get(U32, at + 4), record.get(U64, at + 8)));
        }
        List<LogRecord> log = new ArrayList<>();
        long firstLine = afterText + (long) registerCount * REGISTER_BYTES;
        for (int i = 0; i < logCount; i++) {
            LogRecord.decode(record, firstLine + (long) i * LogRecord.BYTES).ifPresent(log::add);
        }
        String reason = Utf8.untrusted(record.asSlice(HEADER_BYTES, text));
        return Optional.of(new CrashRecord(record.get(U32, FIRMWARE_OFFSET), record.get(U64, NANOS_OFFSET), reason, registers, log));
    }

    private static int padded(int bytes) {
        return bytes + 7 & ~7;
    }
}
