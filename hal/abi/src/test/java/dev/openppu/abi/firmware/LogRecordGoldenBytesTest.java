package dev.openppu.abi.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The firmware's log and crash record against bytes written by hand from docs/device.md; checksums come from an independent CRC-32C, bit by bit. */
class LogRecordGoldenBytesTest {

    @Test
    void aRecordIsTheseBytes() {
        MemorySegment memory = MemorySegment.ofArray(new byte[192]);
        memory.fill((byte) 0xee);
        new LogRecord(0x01020304, 0x1122_3344_5566_7788L, LogLevel.WARNING, true, "grün").encode(memory, 64);
        String bytes = "04030201" + "%s" + "8877665544332211" + "0280" + "0500" + "6772c3bc6e" + "00".repeat(39);
        assertThat(hex(memory, 64, 64)).isEqualTo(checked(bytes));
        assertThat(hex(memory, 0, 64) + hex(memory, 128, 64)).isEqualTo("ee".repeat(128));
        assertThat(LogRecord.decode(memory, 64))
                .contains(new LogRecord(0x01020304, 0x1122_3344_5566_7788L, LogLevel.WARNING, true, "grün"));
    }

    /** C0 and C1 controls, and the end of a line: a log of the host's, or its terminal, must not take orders from firmware. */
    @Test
    void textOfTheDeviceHasNoControls() {
        MemorySegment memory = MemorySegment.ofArray(new byte[64]);
        new LogRecord(1, 2, LogLevel.ERROR, false, "a\u001b[2Jb\nc\u009bd\u007f").encode(memory, 0);
        assertThat(LogRecord.decode(memory, 0)).map(LogRecord::text).contains("a?[2Jb?c?d?");
    }

    @Test
    void aLongTextGoesOnInWholeCharacters() {
        String text = "ü".repeat(50) + "end";
        List<LogRecord> records = LogRecord.of(-1, 7, LogLevel.ERROR, text);
        assertThat(records).extracting(LogRecord::sequence).containsExactly(-1, 0, 1);
        assertThat(records).extracting(LogRecord::continued).containsExactly(true, true, false);
        assertThat(records).allSatisfy(r -> {
            assertThat(r.text().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(44);
            assertThat(r.text()).doesNotContain("\ufffd");
            assertThat(r.nanos()).isEqualTo(7);
        });
        assertThat(records.stream().map(LogRecord::text).collect(Collectors.joining())).isEqualTo(text);
        assertThat(LogRecord.of(3, 0, LogLevel.DEBUG, "")).containsExactly(new LogRecord(3, 0, LogLevel.DEBUG, false, ""));
    }

    @Test
    void memoryThatWasNeverWrittenIsNoRecord() {
        assertThat(LogRecord.decode(MemorySegment.ofArray(new byte[64]), 0)).isEmpty();
        MemorySegment ones = MemorySegment.ofArray(new byte[64]);
        ones.fill((byte) -1);
        assertThat(LogRecord.decode(ones, 0)).isEmpty();
    }

    @Test
    void anyFlippedBitIsNoticed() {
        MemorySegment memory = MemorySegment.ofArray(new byte[64]);
        new LogRecord(9, 1, LogLevel.INFORMATION, false, "boot").encode(memory, 0);
        for (int bit = 0; bit < 512; bit++) {
            flip(memory, bit);
            assertThat(LogRecord.decode(memory, 0)).as("bit %d", bit).isEmpty();
            flip(memory, bit);
        }
        assertThat(LogRecord.decode(memory, 0)).isPresent();
    }

    @Test
    void aCrashRecordIsTheseBytes() {
        LogRecord line = new LogRecord(5, 6, LogLevel.ERROR, false, "x");
        CrashRecord crash = new CrashRecord(0x0001_0203, 0x99, "stopped", List.of(new CrashRecord.RegisterValue(0x100, 4, 0x8)),
                List.of(line));
        MemorySegment lineBytes = MemorySegment.ofArray(new byte[64]);
        line.encode(lineBytes, 0);
        String bytes = "4f50505543525348" + "01000000" + "80000000" + "%s" + "03020100" + "9900000000000000" + "0700" + "0100" + "0100"
                + "0000"
                + "73746f7070656400" + "00010000" + "04000000" + "0800000000000000" + hex(lineBytes, 0, 64);
        assertThat(HexFormat.of().formatHex(crash.encode())).isEqualTo(checked(bytes));
        assertThat(CrashRecord.decode(MemorySegment.ofArray(crash.encode()))).contains(crash);
    }

    @Test
    void aCrashRecordThatLiesIsRefused() {
        CrashRecord crash = new CrashRecord(1, 2, "r".repeat(600), List.of(), List.of());
        byte[] bytes = crash.encode();
        assertThat(CrashRecord.decode(MemorySegment.ofArray(bytes)).orElseThrow().reason()).isEqualTo("r".repeat(512));
        for (int at = 0; at < bytes.length; at++) {
            byte[] copy = bytes.clone();
            copy[at] ^= 0x40;
            assertThat(CrashRecord.decode(MemorySegment.ofArray(copy))).as("byte %d", at).isEmpty();
        }
        assertThat(CrashRecord.decode(MemorySegment.ofArray(bytes).asSlice(0, bytes.length - 8L))).isEmpty();
        assertThat(CrashRecord.decode(MemorySegment.ofArray(new byte[8]))).isEmpty();
    }

    /** The record with its checksum in place of the format's one. */
    private static String checked(String format) {
        int crc = crc32c(HexFormat.of().parseHex(format.formatted("00000000")));
        return format.formatted(HexFormat.of().toHexDigits(Integer.reverseBytes(crc)));
    }

    private static void flip(MemorySegment memory, int bit) {
        memory.set(ValueLayout.JAVA_BYTE, bit / 8, (byte) (memory.get(ValueLayout.JAVA_BYTE, bit / 8) ^ 1 << bit % 8));
    }

    private static String hex(MemorySegment memory, long base, long bytes) {
        return HexFormat.of().formatHex(memory.asSlice(base, bytes).toArray(ValueLayout.JAVA_BYTE));
    }

    private static int crc32c(byte[] bytes) {
        int crc = -1;
        for (byte b : bytes) {
            crc ^= b & 0xff;
            for (int i = 0; i < 8; i++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ 0x82f63b78 : crc >>> 1;
            }
        }
        return ~crc;
    }
}
