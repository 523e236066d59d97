package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.firmware.XidEvent;
import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.reg.Engine;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.abi.reg.MmuAccess;
import dev.openppu.abi.reg.MmuContextRegs;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.MmuScope;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.hal.ResetKind;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sections 6 and 7 of docs/device.md: translation faults of every kind, and what becomes of the queue, its context and the others. */
class FaultTest {
    private static final long GOOD = TestContext.DEVICE_VA;
    private static final long BAD = 0x5_0000_0000L;

    private Bench bench;
    private TestRings rings;
    private TestContext context;
    private TestQueue queue;

    @BeforeEach
    void boot() {
        bench = Bench.simulated(9).booted();
        rings = new TestRings(bench, 6).greeted();
        context = new TestContext(bench, 3);
        queue = context.queue(7).enable();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void addressThatIsNotCanonical() {
        faults(1L << 47, GOOD, MmuReason.INVALID_VA, MmuAccess.READ, 3, 1666);
        faults(GOOD, -4096, MmuReason.INVALID_VA, MmuAccess.WRITE, 3, 1666);
    }

    @Test
    void contextWithoutRoot() {
        bench.regs.context(3).writeRoot(0);
        // the completion signal cannot be stored either: only the registers tell
        queue.copy(GOOD, GOOD + 4096, 64);
        bench.await("error", () -> queue.state() == QueueState.ERROR);
        assertThat(reason()).isEqualTo(MmuReason.NO_CONTEXT);
        assertThat(rings.awaitXid().xid()).isEqualTo(643);
    }

    @Test
    void entriesThatAreNotValidAtEveryLevel() {
        faults(0x4000_0000_0000L, GOOD, MmuReason.INVALID_PAGE, MmuAccess.READ, 3, 643);
        faults(0x70_0000_0000L, GOOD, MmuReason.INVALID_PAGE, MmuAccess.READ, 2, 643);
        faults(GOOD + TestContext.DEVICE_BYTES, GOOD, MmuReason.INVALID_PAGE, MmuAccess.READ, 1, 643);
        faults(TestContext.HOST_VA + TestContext.HOST_BYTES - 4096, GOOD, 8192, MmuReason.INVALID_PAGE, 1, 643);
        context.tables.device(0, BAD, 0x100_0000, AddressSpaceBuilder.RW);
        faults(GOOD, BAD + 4096, MmuReason.INVALID_PAGE, MmuAccess.WRITE, 0, 643);
    }

    @Test
    void malformedEntriesOfEveryKind() {
        long leaf = PageTableEntry.leaf(0, 0x100_0000, AddressSpaceBuilder.RW);
        malformed(0, leaf | 1L << 6);
        malformed(0, leaf | 1L << 11);
        malformed(0, leaf | 1L << 52);
        malformed(0, leaf | 1L << 63);
        malformed(0, PageTableEntry.table(0x100_0000));
        malformed(1, PageTableEntry.leaf(1, 0x100_0000, AddressSpaceBuilder.RW) | 1L << 12);
        malformed(1, PageTableEntry.table(0x100_0000) | PageTableEntry.READ);
        malformed(1, PageTableEntry.table(0x100_0000) | PageTableEntry.SYSTEM);
        malformed(2, PageTableEntry.leaf(2, 0x4000_0000, AddressSpaceBuilder.RW) | 1L << 21);
        malformed(3, leaf);
    }

    @Test
    void rightsThatAreMissing() {
        context.tables.device(0, BAD, 0x100_0000, PageTableEntry.WRITE).device(0, BAD + 4096, 0x100_1000, PageTableEntry.READ)
                .device(0, BAD + 8192, 0x100_2000, 0);
        faults(BAD, GOOD, MmuReason.NO_RIGHT, MmuAccess.READ, 0, 643);
        faults(GOOD, BAD + 4096, MmuReason.NO_RIGHT, MmuAccess.WRITE, 0, 643);
        faults(BAD + 8192, GOOD, MmuReason.NO_RIGHT, MmuAccess.READ, 0, 643);
    }

    @Test
    void pagesAndTablesOutsideDeviceMemory() {
        context.tables.entry(0, BAD, PageTableEntry.leaf(0, 96L << 30, AddressSpaceBuilder.RW));
        faults(BAD, GOOD, MmuReason.INVALID_PA, MmuAccess.READ, 0, 641);
        context.tables.entry(1, BAD + (4L << 20), PageTableEntry.table(96L << 30));
        faults(GOOD, BAD + (4L << 20), MmuReason.INVALID_PA, MmuAccess.WRITE, 1, 641);
        bench.regs.context(3).writeRoot(MmuContextRegs.Root.withValid(97L << 30, true));
        context.invalidate(MmuScope.CONTEXT, 0);
        queue.copy(GOOD, GOOD + 4096, 64);
        bench.await("error", () -> queue.state() == QueueState.ERROR);
        assertThat(reason()).isEqualTo(MmuReason.INVALID_PA);
    }

    @Test
    void systemPagesThatTheHostRefuses() {
        context.tables.system(0, BAD, 0x6660_0000L, AddressSpaceBuilder.RW);
        faults(BAD, GOOD, MmuReason.HOST_REFUSED, MmuAccess.READ, 0, 644);
        faults(GOOD, BAD, MmuReason.HOST_REFUSED, MmuAccess.WRITE, 0, 644);
    }

    @Test
    void largePagesOfOneGibibyteTranslate() {
        context.tables.device(2, 0x40_0000_0000L, 5L << 30, AddressSpaceBuilder.RW);
        context.host.set(ValueLayout.JAVA_LONG, 0, 0x1122_3344_5566_7788L);
        queue.awaitSignal(queue.copy(TestContext.HOST_VA, 0x40_0000_0000L + (1L << 30) - 8, 8));
        queue.awaitSignal(queue.copy(true, 0x40_0000_0000L + (1L << 30) - 8, TestContext.HOST_VA + 64, 8));
        assertThat(context.host.get(ValueLayout.JAVA_LONG, 64)).isEqualTo(0x1122_3344_5566_7788L);
    }

    @Test
    void staleTranslationsAreUsedUntilTheyAreInvalidated() {
        context.tables.device(0, BAD, 0x100_0000, AddressSpaceBuilder.RW);
        bench.bar2.write64(0x100_0000, 1);
        bench.bar2.write64(0x200_0000, 2);
        assertThat(deviceWord(BAD)).isEqualTo(1);
        context.tables.device(0, BAD, 0x200_0000, AddressSpaceBuilder.RW);
        assertThat(deviceWord(BAD)).isEqualTo(1);
        context.invalidate(MmuScope.PAGE, BAD + 8192);
        assertThat(deviceWord(BAD)).isEqualTo(1);
        context.invalidate(MmuScope.PAGE, BAD);
        assertThat(deviceWord(BAD)).isEqualTo(2);
        context.tables.entry(0, BAD, 0);
        context.invalidate(MmuScope.ALL, 0);
        faults(BAD, GOOD, MmuReason.INVALID_PAGE, MmuAccess.READ, 0, 643);
    }

    @Test
    void theFirstFaultIsKeptAndLaterOnesAreCounted() {
        faultOnce(1L << 47, GOOD);
        restart();
        faultOnce(0x70_0000_0000L, GOOD);
        int status = bench.regs.mmu().readFaultStatus();
        assertThat(MmuRegs.FaultStatus.reason(status)).isEqualTo(MmuReason.INVALID_VA.value());
        assertThat(MmuRegs.FaultStatus.count(status)).isEqualTo(2);
        assertThat(bench.regs.mmu().readFaultAddress()).isEqualTo(1L << 47);
        bench.regs.mmu().writeFaultStatus(MmuRegs.FaultStatus.VALID_MASK);
        restart();
        faultOnce(0x70_0000_0000L, GOOD);
        status = bench.regs.mmu().readFaultStatus();
        assertThat(MmuRegs.FaultStatus.reason(status)).isEqualTo(MmuReason.INVALID_PAGE.value());
        assertThat(MmuRegs.FaultStatus.count(status)).isEqualTo(1);
    }

    @Test
    void aFaultTakesTheQueuesOfItsContextAndNoOther() {
        TestQueue sister = context.queue(8).enable();
        TestContext other = new TestContext(bench, 4);
        TestQueue stranger = other.queue(9).enable();
        bench.regs.interrupts().writeRaw(-1);
        bench.regs.interrupts().writeEnable(
                InterruptsRegs.Enable.MMU_FAULT_MASK | InterruptsRegs.Enable.QUEUE_ERROR_MASK | InterruptsRegs.Enable.ERROR_MASK);
        long later = queue.signal();
        long failed = queue.copy(BAD, GOOD, 64);
        queue.put(CopyPacket.word(true, 0, 0), (ring, base) -> CopyPacket.encode(ring, base, 0, GOOD, GOOD + 64, 8, later));
        queue.ring();
        queue.awaitFailure(failed, QueueError.MEMORY_FAULT);
        assertThat(queue.regs.readErrorAddress()).isEqualTo(BAD);
        assertThat(queue.regs.readErrorPacket()).isZero();
        bench.await("collateral", () -> sister.state() == QueueState.ERROR);
        assertThat(sister.error()).isEqualTo(QueueError.CONTEXT_LOST);
        rings.awaitXid();
        assertThat(bench.regs.interrupts().readStatus()).isEqualTo(
                InterruptsRegs.Enable.MMU_FAULT_MASK | InterruptsRegs.Enable.QUEUE_ERROR_MASK | InterruptsRegs.Enable.ERROR_MASK);
        stranger.awaitSignal(stranger.copy(TestContext.HOST_VA, GOOD, 4096));
        queue.disable();
        sister.disable();
        queue.clearRing();
        queue.readIndex.fill((byte) 0);
        queue.enable();
        queue.awaitSignal(queue.copy(TestContext.HOST_VA, GOOD, 4096));
    }

    @Test
    void partOfACopyBeforeTheFaultMayHaveHappenedAndNothingBehindIt() {
        QueueTest.fill(context.host.asSlice(0, 2 << 20), 5);
        long end = GOOD + TestContext.DEVICE_BYTES;
        queue.awaitFailure(queue.copy(TestContext.HOST_VA, end - (1 << 20), 2 << 20), QueueError.MEMORY_FAULT);
        assertThat(queue.regs.readErrorAddress()).isEqualTo(end);
    }

    @Test
    void theErrorLogKeepsTheLastSixteenUntilPowerGoes() {
        for (int i = 0; i < 18; i++) {
            bench.bar0.read32(0xf_0000 + i * 4);
        }
        bench.await("18 entries", () -> bench.regs.errorLog().readTotal() == 18);
        assertThat(bench.regs.errorLog().entry(1).readXid()).isEqualTo(2948);
        assertThat(bench.regs.errorLog().entry(1).readAddress()).isEqualTo(0xf_0000 + 17 * 4);
        bench.reset(ResetKind.FUNCTION_LEVEL);
        assertThat(bench.regs.errorLog().readTotal()).isEqualTo(18);
        bench.reset(ResetKind.COLD);
        assertThat(bench.regs.errorLog().readTotal()).isZero();
    }

    @Test
    void registerAccessesOutsideTheMapAndOfAnotherWidthAreReported() {
        assertThat(bench.bar0.read64(0x0)).isZero();
        assertThat(rings.awaitXid().xid()).isEqualTo(2944);
        bench.bar0.write32(0x80000, 1);
        XidEvent reserved = rings.awaitXid();
        assertThat(reserved.xid()).isEqualTo(2948);
        assertThat(reserved.address()).isEqualTo(0x80000);
        assertThat(reserved.queue()).isEqualTo(0xffff);
        assertThat(bench.bar0.read32(0xc00)).as("absent block").isZero();
        bench.bar0.write32(0xc04, 5);
        assertThat(bench.bar0.read32(0xc04)).isZero();
        bench.sleep(1_000_000);
        assertThat(bench.regs.errorLog().readTotal()).isEqualTo(2);
    }

    private long deviceWord(long address) {
        queue.awaitSignal(queue.copy(true, address, TestContext.HOST_VA + 128, 8));
        return context.host.get(ValueLayout.JAVA_LONG, 128);
    }

    private void malformed(int level, long entry) {
        long va = switch (level) {
            case 3 -> 0x2000_0000_0000L;
            case 2 -> 0x60_0000_0000L;
            default -> BAD;
        };
        context.tables.entry(level, va, entry);
        faults(va, GOOD, MmuReason.MALFORMED_ENTRY, MmuAccess.READ, level, 643);
        context.tables.entry(level, va, 0);
    }

    private void faults(long source, long destination, MmuReason reason, MmuAccess access, int level, int xid) {
        faultOnce(source, destination);
        assertFault(access == MmuAccess.READ ? source : destination, reason, access, level, xid);
        restart();
    }

    private void faults(long source, long destination, long bytes, MmuReason reason, int level, int xid) {
        queue.awaitFailure(queue.copy(source, destination, bytes), QueueError.MEMORY_FAULT);
        assertFault(source + bytes - 4096, reason, MmuAccess.READ, level, xid);
        restart();
    }

    private void faultOnce(long source, long destination) {
        queue.awaitFailure(queue.copy(source, destination, 64), QueueError.MEMORY_FAULT);
    }

    private void assertFault(long address, MmuReason reason, MmuAccess access, int level, int xid) {
        int status = bench.regs.mmu().readFaultStatus();
        assertThat(MmuReason.of(MmuRegs.FaultStatus.reason(status))).isEqualTo(reason);
        assertThat(MmuAccess.of(MmuRegs.FaultStatus.access(status))).isEqualTo(access);
        assertThat(MmuRegs.FaultStatus.walkLevel(status)).isEqualTo(level);
        assertThat(Engine.of(MmuRegs.FaultStatus.engine(status))).isIn(Engine.COPY0, Engine.COPY1);
        assertThat(bench.regs.mmu().readFaultAddress()).isEqualTo(address);
        assertThat(bench.regs.mmu().readFaultSource()).isEqualTo(7 << 16 | 3);
        assertThat(queue.regs.readErrorAddress()).isEqualTo(address);
        XidEvent event = rings.awaitXid();
        assertThat(event.xid()).isEqualTo(xid);
        assertThat(event.exception()).isEqualTo(0x3f);
        assertThat(event.reason()).isEqualTo(reason.value());
        assertThat(event.context()).isEqualTo(3);
        assertThat(event.queue()).isEqualTo(7);
        assertThat(event.address()).isEqualTo(address);
        bench.regs.mmu().writeFaultStatus(MmuRegs.FaultStatus.VALID_MASK);
    }

    private MmuReason reason() {
        return MmuReason.of(MmuRegs.FaultStatus.reason(bench.regs.mmu().readFaultStatus()));
    }

    private void restart() {
        queue.disable();
        queue.clearRing();
        queue.readIndex.fill((byte) 0);
        queue.enable();
    }
}
