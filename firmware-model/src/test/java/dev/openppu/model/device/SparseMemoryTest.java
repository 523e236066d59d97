package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.abi.reg.MemoryRegs;
import dev.openppu.hal.posix.HostMemory;
import dev.openppu.model.memory.SparseMemory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** 96 GiB that cost what is written to them. */
class SparseMemoryTest {
    private static final long GIB = 1L << 30;

    @Test
    void whatIsOnlyReadOrClearedDoesNotBecomeResident() {
        try (Arena arena = Arena.ofConfined()) {
            HostMemory reservation = HostMemory.reserve(96 * GIB, arena);
            SparseMemory memory = new SparseMemory(reservation);
            MemorySegment buffer = arena.allocate(8 << 20);
            memory.read(5 * GIB - 4096, buffer);
            memory.clear(0, 96 * GIB);
            assertThat(memory.nextWritten(0, 96 * GIB)).isEqualTo(96 * GIB);
            assertThat(reservation.resident(5 * GIB - 4096, 8 << 20)).isZero();
            memory.store(7 * GIB + 100, 1, 5);
            assertThat(reservation.resident(7 * GIB - (2 << 20), 4 << 20)).as("no huge page").isEqualTo(4096);
            memory.clear(7 * GIB, GIB);
            assertThat(memory.load(7 * GIB + 100, 1)).isZero();
            memory.forget();
            assertThat(reservation.resident(7 * GIB, 1 << 20)).isZero();
            assertThat(memory.isWritten(7 * GIB)).isFalse();
        }
    }

    @Test
    void scrubbingFillingWithZeroAndCopyingOutLeaveTheProcessSmall() throws IOException {
        try (Bench bench = Bench.simulated(6).booted()) {
            TestContext context = new TestContext(bench, 1);
            for (long at = 0; at < 80 * GIB; at += GIB) {
                context.tables.device(2, 0x40_0000_0000L + at, 8 * GIB + at, AddressSpaceBuilder.RW);
            }
            TestQueue queue = context.queue(0).enable();
            queue.awaitSignal(queue.copy(0x40_0000_0000L, TestContext.HOST_VA, 8 << 20));
            long before = residentKib();
            long signal = queue.signal();
            queue.put(FillPacket.word(true, 0, 0), (ring, base) -> FillPacket.encode(ring, base, 4, 0, 0x40_0000_0000L, 20 * GIB, signal));
            queue.ring();
            queue.awaitSignal(signal);
            bench.regs.memory().writeScrubFirst(0);
            bench.regs.memory().writeScrubLast(96 * GIB - 1);
            bench.regs.memory().writeScrub(MemoryRegs.Scrub.START_MASK);
            assertThat(MemoryRegs.Scrub.busy(bench.regs.memory().readScrub())).isTrue();
            bench.await("the scrubber", () -> !MemoryRegs.Scrub.busy(bench.regs.memory().readScrub()));
            assertThat(bench.regs.memory().readScrubNext()).isEqualTo(96 * GIB);
            assertThat(bench.regs.interrupts().readRaw() & InterruptsRegs.Raw.SCRUB_DONE_MASK).isNotZero();
            assertThat(residentKib() - before).isLessThan(64 << 10);
        }
    }

    @Test
    void badScrubRangesAreRefused() {
        try (Bench bench = Bench.simulated(6)) {
            long[][] ranges = {{0, 96 * GIB}, {4096, 4095}, {1, 4096}, {-4096, -1}};
            for (long[] range : ranges) {
                bench.regs.memory().writeScrubFirst(range[0]);
                bench.regs.memory().writeScrubLast(range[1]);
                bench.regs.memory().writeScrub(MemoryRegs.Scrub.START_MASK);
                assertThat(bench.regs.memory().readScrub()).isEqualTo(MemoryRegs.Scrub.BAD_RANGE_MASK);
            }
        }
    }

    @Test
    void readsAndWritesOfEverySizeAgreeWithAPlainArray() {
        try (Arena arena = Arena.ofConfined()) {
            int size = 1 << 18;
            SparseMemory memory = new SparseMemory(HostMemory.reserve(size, arena));
            byte[] plain = new byte[size];
            Random random = new Random(12);
            for (int i = 0; i < 3000; i++) {
                int length = 1 + random.nextInt(i % 10 == 0 ? 40_000 : 200);
                int at = random.nextInt(size - length);
                byte[] bytes = new byte[length];
                switch (random.nextInt(3)) {
                    case 0 -> {
                        random.nextBytes(bytes);
                        memory.write(at, MemorySegment.ofArray(bytes));
                        System.arraycopy(bytes, 0, plain, at, length);
                    }
                    case 1 -> {
                        memory.clear(at, length);
                        java.util.Arrays.fill(plain, at, at + length, (byte) 0);
                    }
                    default -> {
                        memory.read(at, MemorySegment.ofArray(bytes));
                        assertThat(bytes).isEqualTo(java.util.Arrays.copyOfRange(plain, at, at + length));
                    }
                }
            }
            byte[] all = new byte[size];
            memory.read(0, MemorySegment.ofArray(all));
            assertThat(all).isEqualTo(plain);
        }
    }

    @Test
    void theWindowShowsWhatItIsMovedToAndTheHoleAtTheEnd() {
        try (Bench bench = Bench.simulated(6)) {
            bench.bar2.write32(0x1_0004, 7);
            bench.regs.memory().writeWindow(0x1_0000);
            assertThat(bench.bar2.read32(4)).isEqualTo(7);
            bench.regs.memory().writeWindow(96 * GIB - (64 << 10));
            assertThat(bench.bar2.read64((64 << 10) - 8)).isZero();
            assertThat(bench.bar2.read64(64 << 10)).isEqualTo(-1);
            bench.bar2.write64(64 << 10, 5);
            MemorySegment across = MemorySegment.ofArray(new byte[32]);
            bench.bar2.readBytes((64 << 10) - 16, across);
            assertThat(across.get(ValueLayout.JAVA_BYTE, 15)).isZero();
            assertThat(across.get(ValueLayout.JAVA_BYTE, 16)).isEqualTo((byte) -1);
        }
    }

    private static long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).findFirst().orElseThrow();
    }
}
