package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.firmware.XidEvent;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.abi.reg.MemoryRegs;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.MmuScope;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.abi.reg.RetirementRegs.Entry;
import dev.openppu.hal.ResetKind;
import dev.openppu.model.device.TestKernels.Name;
import dev.openppu.model.fault.FaultPoint;
import dev.openppu.model.fault.FaultSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ECC of device memory: what is corrected, what fails, who hears of it, which pages go. */
class EccTest {
    private static final long DATA = 8L << 20;

    private Bench bench;
    private TestRings rings;
    private TestContext context;
    private TestQueue queue;

    static Stream<Bench> worlds() {
        return Stream.of(Bench.simulated(31), Bench.freeRunning(32));
    }

    private void set(Bench world) {
        bench = world.booted();
        rings = new TestRings(bench, 6);
        assertThat(rings.call(MessageType.HELLO, 1, 1, 1).status()).isEqualTo(MessageStatus.OK);
        context = new TestContext(bench, 2);
        queue = context.queue(4).enable();
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aSingleBitIsCorrectedOnTheWayAndInMemory(Bench world) {
        try (world) {
            set(world);
            bench.regs.interrupts().writeRaw(-1);
            fillData(4096);
            bench.faults.flipBits(pa(DATA + 512), 1L << 63);
            bench.faults.flipBits(pa(DATA + 1000), 4);
            assertThat(counters()).as("found on reads only").isZero();
            copyOut(4096);
            awaitCounters(2, 0);
            assertThat(counters()).as("cleared by reading").isZero();
            copyOut(4096);
            bench.sleep(1_000_000);
            assertThat(counters()).as("written back").isZero();
            assertThat(bench.regs.memory().readEccTotalCorrectable()).isEqualTo(2);
            assertThat(InterruptsRegs.Raw.ecc(bench.regs.interrupts().readRaw())).isTrue();
            assertThat(bench.regs.errorLog().readTotal()).as("a corrected error raises no XID").isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void twoBitsFailTheCopyAndItsContextOnly(Bench world) {
        try (world) {
            set(world);
            TestQueue other = new TestContext(bench, 3).queue(5).enable();
            fillData(8192);
            long word = pa(DATA + 4096 + 256 + 8);
            bench.faults.flipBits(word, 3);
            queue.awaitFailure(queue.copy(at(DATA), TestContext.HOST_VA, 8192), QueueError.ECC_ERROR);
            XidEvent memory = rings.awaitXid();
            XidEvent client = rings.awaitXid();
            if (memory.xid() == 642) {
                XidEvent swap = memory;
                memory = client;
                client = swap;
            }
            assertThat(memory.xid()).as("PS1: every second 256 bytes").isEqualTo(5005);
            assertThat(memory.address()).isEqualTo(word);
            assertThat(memory.queue()).isEqualTo(0xffff);
            assertThat(client.xid()).isEqualTo(642);
            assertThat(client.address()).isEqualTo(at(DATA) + 4096 + 256 + 8);
            assertThat(client.context()).isEqualTo(2);
            assertThat(client.queue()).isEqualTo(4);
            assertThat(client.reason()).isEqualTo(MmuReason.ECC_ERROR.value());
            assertThat(queue.regs.readErrorAddress()).isEqualTo(at(DATA) + 4096 + 256 + 8);
            long record = bench.regs.memory().readEccAddress();
            assertThat(MemoryRegs.EccAddress.valid(record)).isTrue();
            assertThat(MemoryRegs.EccAddress.channel(record)).isTrue();
            assertThat(record & MemoryRegs.EccAddress.ADDRESS_MASK).isEqualTo(word);
            assertThat(bench.regs.memory().readEccTotalUncorrectable()).isEqualTo(1);
            assertThat(other.state()).isEqualTo(QueueState.IDLE);
            other.awaitSignal(other.copy(TestContext.DEVICE_VA, TestContext.HOST_VA, 4096));
            bench.regs.memory().writeEccAddress(MemoryRegs.EccAddress.VALID_MASK);
            assertThat(MemoryRegs.EccAddress.valid(bench.regs.memory().readEccAddress())).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void writingTheWholeWordHealsAndPartOfItDoesNot(Bench world) {
        try (world) {
            set(world);
            fillData(4096);
            bench.faults.flipBits(pa(DATA + 64), 3);
            queue.awaitSignal(queue.copy(TestContext.HOST_VA, at(DATA + 64), 4));
            queue.awaitFailure(queue.copy(at(DATA + 64), TestContext.HOST_VA + 8192, 8), QueueError.ECC_ERROR);
            again();
            queue.awaitSignal(queue.copy(TestContext.HOST_VA, at(DATA + 64), 8));
            queue.awaitSignal(queue.copy(true, at(DATA + 64), TestContext.HOST_VA + 8192, 8));
            assertThat(context.host.get(ValueLayout.JAVA_LONG, 8192)).isEqualTo(context.host.get(ValueLayout.JAVA_LONG, 0));
            bench.faults.flipBits(pa(DATA + 128), 1);
            bench.faults.flipBits(pa(DATA + 136), 1);
            queue.awaitSignal(queue.copy(true, TestContext.HOST_VA, at(DATA + 132), 8));
            counters();
            queue.awaitSignal(queue.copy(true, at(DATA + 128), TestContext.HOST_VA + 8192, 16));
            bench.sleep(1_000_000);
            assertThat(counters()).as("single errors ended with the writes of parts of their words").isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void kernelsMeetTheirErrorsByTheirOwnNumbers(Bench world) {
        try (world) {
            set(world);
            TestKernels kernels = new TestKernels(context);
            fillData(4096);
            bench.faults.flipBits(pa(DATA + 24), 1L << 7);
            queue.awaitSignal(kernels.launch(queue, Name.LOAD, 1, 1, kernels.parameters(at(DATA + 24), 0)));
            awaitCounters(1, 0);
            bench.faults.flipBits(pa(DATA + 24), 1L << 7 | 1L << 40);
            queue.awaitSignal(kernels.launch(queue, Name.LOAD, 1, 1, kernels.parameters(at(DATA + 32), 0)));
            queue.awaitFailure(kernels.launch(queue, Name.LOAD, 1, 1, kernels.parameters(at(DATA + 28), 0)), QueueError.ECC_ERROR);
            assertXids(4997, 1154);
            again();
            queue.awaitSignal(kernels.launch(queue, Name.NUMBER, 1, 32, kernels.parameters(at(DATA), 5)));
            queue.awaitFailure(queue.copy(true, at(DATA), TestContext.HOST_VA, 128), QueueError.ECC_ERROR);
        }
    }

    @Test
    void aKernelsCodeAndItsPageTableHaveNumbersOfTheirOwn() {
        set(Bench.simulated(33));
        try (Bench world = bench) {
            TestKernels kernels = new TestKernels(context);
            bench.faults.flipBits(context.devicePa + 64, 3);
            queue.awaitFailure(kernels.launch(queue, Name.LOAD, 1, 1, kernels.parameters(at(DATA), 0)), QueueError.ECC_ERROR);
            assertXids(4997, 1154);
            assertThat(bench.regs.queue(4).readStatus() >> 16 & 0x3f).isEqualTo(33);
            again();
            new TestKernels(context);
            context.invalidate(MmuScope.ALL, 0);
            // the second table from the root: the entry of the device memory, not that of the signals
            bench.faults.flipBits(context.tables.root() + 4096 + 4 * 8, 3);
            queue.awaitFailure(queue.copy(at(DATA), TestContext.HOST_VA, 8), QueueError.ECC_ERROR);
            assertXids(4997, 1665);
            int status = bench.regs.mmu().readFaultStatus();
            assertThat(MmuRegs.FaultStatus.reason(status)).isEqualTo(MmuReason.ECC_ERROR.value());
        }
    }

    @Test
    void theWindowReadsOnesWhereNothingCanBeRead() {
        set(Bench.simulated(34));
        try (Bench world = bench) {
            bench.bar2.writeBytes(0x500_0000, MemorySegment.ofArray(new byte[64]));
            bench.faults.flipBits(0x500_0010, 3);
            bench.faults.flipBits(0x500_0020, 1);
            byte[] seen = new byte[64];
            bench.bar2.readBytes(0x500_0000, MemorySegment.ofArray(seen));
            byte[] expected = new byte[64];
            Arrays.fill(expected, 16, 24, (byte) -1);
            assertThat(seen).isEqualTo(expected);
            assertThat(bench.bar2.read32(0x500_0014)).isEqualTo(-1);
            assertThat(bench.bar2.read64(0x500_0018)).isZero();
            awaitCounters(1, 2);
            assertThat(rings.awaitXid().xid()).isEqualTo(4997);
        }
    }

    @Test
    void aPassOfTheScrubberFindsThemAll() {
        set(Bench.simulated(35));
        try (Bench world = bench) {
            Random random = new Random(5);
            for (int i = 0; i < 40; i++) {
                bench.faults.flipBits((random.nextLong() & Long.MAX_VALUE) % (90L << 30) & -8192, i % 4 == 0 ? 0x101 : 1L << i);
            }
            bench.regs.memory().writeScrubLast((96L << 30) - 1);
            bench.regs.memory().writeScrub(1);
            bench.await("the pass", () -> !MemoryRegs.Scrub.busy(bench.regs.memory().readScrub()));
            awaitCounters(30, 10);
            bench.regs.memory().writeScrub(1);
            bench.await("the pass", () -> !MemoryRegs.Scrub.busy(bench.regs.memory().readScrub()));
            awaitCounters(0, 10);
        }
    }

    @Test
    void pagesWithManyErrorsAreRetiredAndTheListOutlivesEverything() {
        set(Bench.simulated(36));
        try (Bench world = bench) {
            bench.regs.memory().writeEccThreshold(MemoryRegs.EccThreshold.withChannel(MemoryRegs.EccThreshold.withPage(0, 3), 5));
            long page = 0x700_0000;
            for (int i = 0; i < 3; i++) {
                assertThat(MemoryRegs.Retired.pages(bench.regs.memory().readRetired())).isZero();
                bench.faults.flipBits(page + i * 8L, 1);
                bench.bar2.read64(page + i * 8L);
                bench.sleep(100_000);
            }
            assertThat(bench.regs.memory().readRetired()).isEqualTo(1 << 16 | 1);
            assertThat(bench.regs.retirement().readEntry(0)).isEqualTo(Entry.withPending(Entry.withValid(page, true), true));
            bench.faults.flipBits(page + 8192, 3);
            bench.bar2.read64(page + 8192);
            bench.sleep(10_000_000);
            assertThat(bench.regs.memory().readRetired()).isEqualTo(2 << 16 | 2);
            assertThat(Entry.cause(bench.regs.retirement().readEntry(1))).isTrue();
            assertThat(rings.call(MessageType.RETIRE_PAGE, page + 8192 + 77, 1).status()).isEqualTo(MessageStatus.OK);
            assertThat(bench.regs.memory().readRetired()).as("out of use, so in effect").isEqualTo(1 << 16 | 2);
            assertThat(rings.call(MessageType.RETIRE_PAGE, 0x1234_5678, 0).status()).isEqualTo(MessageStatus.OK);
            assertThat(rings.call(MessageType.RETIRE_PAGE, 96L << 30, 0).status()).isEqualTo(MessageStatus.BAD_ARGUMENT);
            assertThat(rings.call(MessageType.RETIRE_PAGE, (96L << 30) - 4096, 0).status()).isEqualTo(MessageStatus.BAD_ARGUMENT);
            assertThat(rings.call(MessageType.RETIRE_PAGE, 0, 2).status()).isEqualTo(MessageStatus.BAD_ARGUMENT);
            assertThat(rings.logs).hasSize(2).allSatisfy(line -> assertThat(line).startsWith("page 0x"));
            long corrected = bench.regs.memory().readEccTotalCorrectable();
            bench.reset(ResetKind.COLD);
            bench.booted();
            assertThat(bench.regs.memory().readRetired()).isEqualTo(3);
            assertThat(bench.regs.retirement().readEntry(0)).isEqualTo(Entry.withValid(page, true));
            assertThat(bench.regs.retirement().readEntry(2) & Entry.PAGE_MASK).isEqualTo(0x1234_5000);
            assertThat(bench.regs.memory().readEccTotalCorrectable()).isEqualTo(corrected).isEqualTo(3);
            assertThat(bench.regs.memory().readEccTotalUncorrectable()).isEqualTo(1);
            assertThat(counters()).isZero();
        }
    }

    /** 640 words of 32,768: some are met twice. */
    @Test
    void aFaultOfSingleBitsMakesNoDoubleOnesHoweverOftenItStrikes() {
        set(Bench.simulated(38));
        try (Bench world = bench) {
            SplittableRandom random = new SplittableRandom(38);
            bench.faults.arm((point, _) -> point == FaultPoint.BIT_FLIPPED ? random.nextLong() : FaultSource.NOTHING);
            for (int i = 0; i < 40; i++) {
                copyOut(64);
            }
            bench.sleep(10_000_000);
            assertThat(bench.faults.struck()).hasSizeGreaterThanOrEqualTo(40);
            bench.faults.disarm();
            bench.regs.memory().writeScrubLast((1 << 20) - 1);
            bench.regs.memory().writeScrub(1);
            bench.await("the pass", () -> !MemoryRegs.Scrub.busy(bench.regs.memory().readScrub()));
            bench.sleep(1_000_000);
            assertThat(bench.regs.memory().readEccTotalCorrectable()).isGreaterThan(500);
            assertThat(bench.regs.memory().readEccTotalUncorrectable()).isZero();
        }
    }

    @Test
    void aChannelOverItsThresholdIsReported() {
        set(Bench.simulated(37));
        try (Bench world = bench) {
            bench.regs.memory().writeEccThreshold(MemoryRegs.EccThreshold.withChannel(MemoryRegs.EccThreshold.withPage(0, 100), 4));
            for (int i = 0; i < 10; i++) {
                bench.faults.flipBits(0x700_0000 + i * 8192L + 256L * (i & 1), 1);
                bench.bar2.read64(0x700_0000 + i * 8192L + 256L * (i & 1));
            }
            bench.sleep(1_000_000);
            assertXids(4996, 5004);
            assertThat(bench.regs.errorLog().readTotal()).isEqualTo(2);
        }
    }

    @Test
    void theRetirementListHoldsSixtyFour() {
        set(Bench.simulated(38));
        try (Bench world = bench) {
            for (int i = 0; i < 64; i++) {
                assertThat(rings.call(MessageType.RETIRE_PAGE, i * 4096L, 0).status()).isEqualTo(MessageStatus.OK);
            }
            assertThat(rings.call(MessageType.RETIRE_PAGE, 0, 0).status()).as("listed already").isEqualTo(MessageStatus.OK);
            assertThat(rings.call(MessageType.RETIRE_PAGE, 64 * 4096L, 0).status()).isEqualTo(MessageStatus.BAD_ARGUMENT);
            bench.reset(ResetKind.FUNCTION_LEVEL);
            bench.booted();
            assertThat(bench.regs.memory().readRetired()).isEqualTo(64);
        }
    }

    @Test
    void withoutEccReadsGiveWhatIsStored() {
        set(Bench.simulated(39));
        try (Bench world = bench) {
            bench.regs.memory().writeEccControl(0);
            assertThat(MemoryRegs.EccControl.enabled(bench.regs.memory().readEccControl())).as("until the next reset").isTrue();
            bench.reset(ResetKind.FUNCTION_LEVEL);
            bench.awaitState(dev.openppu.abi.reg.BootState.ROM_READY);
            assertThat(MemoryRegs.EccControl.enabled(bench.regs.memory().readEccControl())).isFalse();
            bench.faults.flipBits(0x700_0000, 5);
            assertThat(bench.bar2.read64(0x700_0000)).isEqualTo(5);
            bench.sleep(1_000_000);
            assertThat(counters()).isZero();
        }
    }

    /** Many errors under many kernels and copies: what is corrected is never wrong, and every error is counted once. */
    @ParameterizedTest
    @MethodSource("worlds")
    void correctedErrorsAreInvisibleUnderLoad(Bench world) {
        try (world) {
            set(world);
            bench.regs.memory().writeEccThreshold(MemoryRegs.EccThreshold.withChannel(MemoryRegs.EccThreshold.withPage(0, 65535), 65535));
            TestKernels kernels = new TestKernels(context);
            Random random = new Random(9);
            int flips = 0;
            counters();
            for (int round = 0; round < 8; round++) {
                queue.awaitSignal(kernels.launch(queue, Name.NUMBER, 64, 128, kernels.parameters(at(DATA), round)));
                for (int i = 0; i < 20; i++) {
                    bench.faults.flipBits(pa(DATA + i * 1600L), 1L << random.nextInt(64));
                    flips++;
                }
                queue.awaitSignal(queue.copy(true, at(DATA), TestContext.HOST_VA, 64 * 128 * 4));
                for (int i = 0; i < 64 * 128; i++) {
                    assertThat(context.host.get(ValueLayout.JAVA_INT, i * 4L)).isEqualTo(i + round);
                }
            }
            awaitCounters(flips, 0);
        }
    }

    private void again() {
        queue.disable();
        queue.clearRing();
        queue.enable();
    }

    private void assertXids(int first, int second) {
        assertThat(new int[]{rings.awaitXid().xid(), rings.awaitXid().xid()}).containsExactlyInAnyOrder(first, second);
    }

    private void fillData(int bytes) {
        for (int i = 0; i < bytes; i++) {
            context.host.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 7 + 1));
        }
        queue.awaitSignal(queue.copy(TestContext.HOST_VA, at(DATA), bytes));
    }

    private void copyOut(int bytes) {
        context.host.asSlice(1 << 20, bytes).fill((byte) 0);
        queue.awaitSignal(queue.copy(true, at(DATA), TestContext.HOST_VA + (1 << 20), bytes));
        assertThat(context.host.asSlice(1 << 20, bytes).mismatch(context.host.asSlice(0, bytes))).isEqualTo(-1);
    }

    private void awaitCounters(int correctable, int uncorrectable) {
        int[] seen = new int[2];
        bench.await("%d and %d errors".formatted(correctable, uncorrectable), () -> {
            int now = counters();
            seen[0] += MemoryRegs.EccCounters.correctable(now);
            seen[1] += MemoryRegs.EccCounters.uncorrectable(now);
            return seen[0] >= correctable && seen[1] >= uncorrectable;
        });
        assertThat(seen).containsExactly(correctable, uncorrectable);
    }

    private int counters() {
        return bench.regs.memory().readEccCounters();
    }

    private static long at(long offset) {
        return TestContext.DEVICE_VA + offset;
    }

    private long pa(long offset) {
        return context.devicePa + offset;
    }
}
