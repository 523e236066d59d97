package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.firmware.CrashRecord;
import dev.openppu.abi.firmware.LogLevel;
import dev.openppu.abi.firmware.LogRecord;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.hal.ResetKind;
import dev.openppu.model.sim.SimulatedWorld;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The reserved memory, the rolling log and the crash record in it. */
class FirmwareLogTest {
    private static final long END = 96L << 30;
    private static final long RESERVED = END - (2 << 20);
    private Bench bench;

    @BeforeEach
    void boot() {
        bench = Bench.simulated(11).booted();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void theEndOfTheMemoryIsReservedReadableAndTakesNoWrites() {
        assertThat(bench.regs.memory().readReserved()).isEqualTo(512);
        bench.regs.memory().writeWindow(END - (256 << 20));
        long first = (256 << 20) - (2 << 20);
        assertThat(bench.regs.fw().readLogAddress()).isEqualTo(RESERVED);
        long before = bench.bar2.read64(first);
        assertThat(before).as("the log's first record").isNotZero();
        bench.bar2.write64(first, 7);
        bench.bar2.write64(first - 8, 7);
        assertThat(bench.bar2.read64(first)).isEqualTo(before);
        assertThat(bench.bar2.read64(first - 8)).isEqualTo(7);
        bench.bar2.writeBytes(first - 8, MemorySegment.ofArray(new byte[16]));
        assertThat(bench.bar2.read64(first)).isEqualTo(before);
        assertThat(bench.bar2.read64(first - 8)).isZero();
        bench.sleep(1_000_000);
        assertThat(bench.regs.errorLog().readTotal()).isEqualTo(2);
        assertThat(bench.regs.errorLog().entry(0).readXid()).isEqualTo(641);
        assertThat(bench.regs.errorLog().entry(0).readAddress()).isEqualTo(RESERVED);
    }

    @Test
    void enginesCannotReachTheReservedMemory() {
        TestContext context = new TestContext(bench, 1);
        long bad = 0x3_0000_0000L;
        context.tables.device(0, bad, RESERVED, AddressSpaceBuilder.RW);
        context.tables.device(0, bad + 4096, RESERVED - 4096, AddressSpaceBuilder.RW);
        context.tables.device(1, bad + (2 << 20), RESERVED, AddressSpaceBuilder.RW);
        TestQueue queue = context.queue(0).enable();
        queue.awaitSignal(queue.copy(TestContext.DEVICE_VA, bad + 4096, 4096));
        for (long at : new long[]{bad, bad + (2 << 20)}) {
            queue.awaitFailure(queue.copy(TestContext.DEVICE_VA, at, 8), QueueError.MEMORY_FAULT);
            assertThat(MmuRegs.FaultStatus.reason(bench.regs.mmu().readFaultStatus())).isEqualTo(MmuReason.INVALID_PA.value());
            bench.regs.mmu().writeFaultStatus(MmuRegs.FaultStatus.VALID_MASK);
            queue.disable();
            queue.clearRing();
            queue.enable();
        }
        bench.regs.context(2).writeRoot(RESERVED | 1);
        assertThat(PageTableEntry.address(bench.regs.context(2).readRoot())).isEqualTo(RESERVED);
    }

    @Test
    void theFirmwareLogsWhatHappens() {
        TestRings rings = new TestRings(bench, 4).greeted();
        TestContext context = new TestContext(bench, 3);
        TestQueue queue = context.queue(5).enable();
        queue.awaitFailure(queue.copy(0x7000_0000_0000L, TestContext.DEVICE_VA, 8), QueueError.MEMORY_FAULT);
        rings.call(MessageType.KILL_CONTEXT, 3);
        rings.call(MessageType.SHUTDOWN);
        bench.awaitState(BootState.HALTED);
        List<String> lines = lines();
        assertThat(lines.get(0)).startsWith("started: 1.2.3");
        assertThat(lines).containsSubsequence("host speaks 1.0, agreed on 1.0",
                "XID 643 (CHUB invalid_page): a packet's operand met a page that is not valid, lacks the right or is malformed"
                        + " at 0x700000000000, context 3 queue 5",
                "context 3 killed, 0 queues stopped", "shut down by the host, 0 queues stopped", "halted");
    }

    @Test
    void theLogWrapsAndTheHeadCountsOn() {
        TestRings rings = new TestRings(bench, 4).greeted();
        int slots = bench.regs.fw().readLogRecords();
        assertThat(slots).isEqualTo(4096);
        int kills = 0;
        while (bench.regs.fw().readLogHead() < slots + 50) {
            rings.call(MessageType.KILL_CONTEXT, kills++ & 0xff);
        }
        List<LogRecord> records = records();
        assertThat(records).hasSize(slots);
        int head = bench.regs.fw().readLogHead();
        assertThat(records.getFirst().sequence()).isEqualTo(head - slots);
        assertThat(records.getLast().text()).isEqualTo("context %d killed, 0 queues stopped".formatted(kills - 1 & 0xff));
    }

    @ParameterizedTest
    @EnumSource(ResetKind.class)
    void aCrashLeavesARecordThatOnlyPowerLossTakes(ResetKind kind) {
        assertThat(bench.regs.fw().readCrashSize()).isZero();
        bench.faults.crashFirmware("stack overflow in task 7");
        assertThat(bench.state()).isEqualTo(BootState.CRASHED);
        bench.reset(kind);
        bench.awaitState(BootState.ROM_READY);
        if (kind == ResetKind.COLD) {
            assertThat(bench.regs.fw().readCrashSize()).isZero();
            assertThat(bench.regs.fw().readCrashAddress()).isZero();
            return;
        }
        CrashRecord crash = crash().orElseThrow();
        assertThat(crash.reason()).isEqualTo("stack overflow in task 7");
        assertThat(crash.firmwareVersion()).isEqualTo(0x0001_0203);
        assertThat(crash.nanos()).isPositive();
        assertThat(crash.log().getFirst().text()).startsWith("started: 1.2.3");
        assertThat(crash.registers().getFirst()).isEqualTo(
                new CrashRecord.RegisterValue(0x100, 4, BootRegs.Status.withState(0, BootState.RUNNING)));
        bench.booted();
        assertThat(crash()).as("a new firmware leaves it alone").contains(crash);
        bench.regs.fw().writeCrashTaken(FwRegs.CrashTaken.withTaken(0, true));
        assertThat(bench.regs.fw().readCrashSize()).isZero();
        bench.faults.crashFirmware("again");
        assertThat(crash().orElseThrow().reason()).isEqualTo("again");
    }

    @Test
    void hungFirmwareIsSilentAndAResetBringsItBack() {
        bench.faults.hangFirmware();
        int beat = bench.regs.fw().readHeartbeat();
        bench.sleep(100_000_000);
        assertThat(bench.regs.fw().readHeartbeat()).isEqualTo(beat);
        assertThat(bench.state()).isEqualTo(BootState.RUNNING);
        bench.reset(ResetKind.FUNCTION_LEVEL);
        bench.booted();
        bench.sleep(100_000_000);
        assertThat(bench.regs.fw().readHeartbeat()).isPositive();
    }

    @Test
    void aDeviceWithoutReservedMemoryHasNoLogAndSurvivesACrash() {
        try (Bench small = new Bench(new SimulatedWorld(1), ProfileTest.SMALL)) {
            small.booted();
            assertThat(small.regs.fw().readLogRecords()).isZero();
            assertThat(small.regs.fw().readLogAddress()).isZero();
            small.faults.crashFirmware("x");
            assertThat(small.state()).isEqualTo(BootState.CRASHED);
            assertThat(small.regs.fw().readCrashSize()).isZero();
            small.boot(Bench.image(1, Map.of()));
        }
    }

    private Optional<CrashRecord> crash() {
        return CrashRecord.decode(MemorySegment.ofArray(read(bench.regs.fw().readCrashAddress(), bench.regs.fw().readCrashSize())));
    }

    private List<LogRecord> records() {
        int head = bench.regs.fw().readLogHead();
        int slots = bench.regs.fw().readLogRecords();
        MemorySegment log = MemorySegment.ofArray(read(bench.regs.fw().readLogAddress(), slots * LogRecord.BYTES));
        List<LogRecord> records = new ArrayList<>();
        for (int sequence = Math.max(0, head - slots); sequence < head; sequence++) {
            LogRecord record = LogRecord.decode(log, (long) (sequence % slots) * LogRecord.BYTES).orElseThrow();
            assertThat(record.sequence()).isEqualTo(sequence);
            records.add(record);
        }
        return records;
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (LogRecord record : records()) {
            assertThat(record.level()).isIn(LogLevel.INFORMATION, LogLevel.ERROR);
            line.append(record.text());
            if (!record.continued()) {
                lines.add(line.toString());
                line.setLength(0);
            }
        }
        return lines;
    }

    private byte[] read(long address, int bytes) {
        byte[] content = new byte[bytes];
        bench.regs.memory().writeWindow(END - (256 << 20));
        bench.bar2.readBytes(address - (END - (256 << 20)), MemorySegment.ofArray(content));
        return content;
    }
}
