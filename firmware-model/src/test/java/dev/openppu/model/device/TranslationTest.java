package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.abi.reg.Engine;
import dev.openppu.abi.reg.MmuContextRegs;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.MmuScope;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.hal.posix.HostMemory;
import dev.openppu.model.device.TestKernels.Name;
import dev.openppu.model.memory.Mmu;
import dev.openppu.model.memory.SparseMemory;
import dev.openppu.model.memory.Tlb;
import dev.openppu.model.memory.Translation;
import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every engine keeps what it translated until it is told, and forgets it then: freed memory is reachable before an invalidation, and never after it. */
class TranslationTest {
    private static final long PAGE_VA = 0x5_0000_0000L;
    private static final long PAGE_PA = 0x8_0000_0000L;

    private Bench bench;
    private TestContext context;
    private TestQueue queue;
    private TestKernels kernels;

    /** Who stores through a translation. */
    enum Client {
        COMMAND_PROCESSOR, COPY_ENGINES, COMPUTE_UNITS
    }

    private void set(long seed) {
        bench = Bench.simulated(seed).booted();
        context = new TestContext(bench, 1);
        queue = context.queue(3).enable();
        kernels = new TestKernels(context);
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void aFreedPageIsReachableUntilTheInvalidationAndNotAfterIt(Client client) {
        set(61);
        try (Bench world = bench) {
            context.tables.device(0, PAGE_VA, PAGE_PA, AddressSpaceBuilder.RW);
            touch(client, PAGE_VA);
            context.tables.entry(0, PAGE_VA, 0);
            assertThat(queue.value(touchOnce(client, PAGE_VA + 64))).as("stale").isZero();
            context.invalidate(MmuScope.PAGE, PAGE_VA + 0x123);
            queue.awaitFailure(store(client, PAGE_VA + 128), QueueError.MEMORY_FAULT);
            int status = bench.regs.mmu().readFaultStatus();
            assertThat(MmuRegs.FaultStatus.reason(status)).isEqualTo(MmuReason.INVALID_PAGE.value());
            Engine engine = Engine.of(MmuRegs.FaultStatus.engine(status));
            assertThat(engine).isIn((Object[]) engines(client));
            assertThat(MmuRegs.FaultSource.queue(bench.regs.mmu().readFaultSource())).isEqualTo(3);
            assertThat(MmuRegs.FaultSource.context(bench.regs.mmu().readFaultSource())).isEqualTo(1);
            assertThat(bench.regs.mmu().readFaultAddress()).isEqualTo(PAGE_VA + 128);
        }
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void aPageThatMovedIsFoundAtItsNewPlaceAfterTheInvalidation(Client client) {
        set(62);
        try (Bench world = bench) {
            context.tables.device(0, PAGE_VA, PAGE_PA, AddressSpaceBuilder.RW);
            touch(client, PAGE_VA);
            context.tables.device(0, PAGE_VA, PAGE_PA + 4096, AddressSpaceBuilder.RW);
            touchOnce(client, PAGE_VA);
            assertThat(read(PAGE_PA + 4096)).as("stale").isZero();
            context.invalidate(MmuScope.CONTEXT, 0);
            touchOnce(client, PAGE_VA);
            assertThat(read(PAGE_PA + 4096)).isEqualTo(7);
        }
    }

    /** The entry of a large page goes whichever of its addresses is named, and no other's. */
    @ParameterizedTest
    @CsvSource({"1, 0x200000", "2, 0x40000000"})
    void pageScopeDropsTheWholeLargePageAndNoOther(int level, long bytes) {
        set(63);
        try (Bench world = bench) {
            long first = 0x10_0000_0000L;
            long second = first + bytes;
            context.tables.device(level, first, 0xc_0000_0000L, AddressSpaceBuilder.RW);
            context.tables.device(level, second, 0xc_0000_0000L + bytes, AddressSpaceBuilder.RW);
            for (Client client : Client.values()) {
                touch(client, first + 4096);
                touch(client, second + 4096);
            }
            context.tables.entry(level, first, 0);
            context.tables.entry(level, second, 0);
            context.invalidate(MmuScope.PAGE, first + bytes - 1);
            for (Client client : Client.values()) {
                assertThat(queue.value(touchOnce(client, second + bytes - 8))).as("%s, the other page", client).isZero();
            }
            for (Client client : Client.values()) {
                queue.awaitFailure(store(client, first), QueueError.MEMORY_FAULT);
                again();
            }
        }
    }

    @Test
    void contextScopeLeavesOtherContextsAlone() {
        set(64);
        try (Bench world = bench) {
            TestContext other = new TestContext(bench, 2);
            TestQueue otherQueue = other.queue(7).enable();
            context.tables.device(0, PAGE_VA, PAGE_PA, AddressSpaceBuilder.RW);
            other.tables.device(0, PAGE_VA, PAGE_PA + 8192, AddressSpaceBuilder.RW);
            for (int i = 0; i < 16; i++) {
                queue.awaitSignal(queue.copy(TestContext.HOST_VA, PAGE_VA, 64));
                otherQueue.awaitSignal(otherQueue.copy(TestContext.HOST_VA, PAGE_VA, 64));
            }
            context.tables.entry(0, PAGE_VA, 0);
            other.tables.entry(0, PAGE_VA, 0);
            context.invalidate(MmuScope.CONTEXT, 0);
            for (int i = 0; i < 16; i++) {
                otherQueue.awaitSignal(otherQueue.copy(TestContext.HOST_VA, PAGE_VA, 64));
            }
            queue.awaitFailure(queue.copy(TestContext.HOST_VA, PAGE_VA, 64), QueueError.MEMORY_FAULT);
            other.invalidate(MmuScope.ALL, 0);
            otherQueue.awaitFailure(otherQueue.copy(TestContext.HOST_VA, PAGE_VA, 64), QueueError.MEMORY_FAULT);
        }
    }

    /** A walk that an invalidation overtakes may still give the old page to its own access, but must not leave it behind for later ones. */
    @Test
    void aWalkUnderWayLeavesNothingStaleBehind() throws InterruptedException {
        try (Arena arena = Arena.ofShared()) {
            SparseMemory memory = new SparseMemory(HostMemory.reserve(1L << 30, arena));
            long root = 0x10_0000;
            for (int level = 3; level > 0; level--) {
                memory.store(root + (3 - level) * 4096L, 8, PageTableEntry.table(root + (4 - level) * 4096L));
            }
            long entry = root + 3 * 4096L;
            memory.store(entry, 8, PageTableEntry.leaf(0, 0x1000_0000L, PageTableEntry.READ));
            Mmu mmu = new Mmu(memory, memory.size(), 2);
            mmu.rootWritten(1, MmuContextRegs.Root.withValid(root, true));
            Tlb tlb = mmu.newTlb(16, 1);
            AtomicBoolean end = new AtomicBoolean();
            AtomicLong walks = new AtomicLong();
            Thread engine = new Thread(() -> {
                Translation out = new Translation();
                while (!end.get()) {
                    mmu.translate(tlb, root, 1, 64, dev.openppu.abi.reg.MmuAccess.READ, out);
                    walks.incrementAndGet();
                }
            });
            engine.start();
            Translation out = new Translation();
            for (int i = 1; i <= 20_000; i++) {
                long page = 0x1000_0000L + (i & 0xff) * 4096L;
                memory.store(entry, 8, PageTableEntry.leaf(0, page, PageTableEntry.READ));
                mmu.invalidate(MmuScope.PAGE, 1, 0);
                for (int look = 0; look < 4; look++) {
                    mmu.translate(tlb, root, 1, 0, dev.openppu.abi.reg.MmuAccess.READ, out);
                    assertThat(out.address()).as("after invalidation %d", i).isEqualTo(page);
                    Thread.onSpinWait();
                }
            }
            end.set(true);
            engine.join(10_000);
            assertThat(walks.get()).isPositive();
        }
    }

    private static Engine[] engines(Client client) {
        return switch (client) {
            case COMMAND_PROCESSOR -> new Engine[]{Engine.CP};
            case COPY_ENGINES -> new Engine[]{Engine.COPY0, Engine.COPY1};
            case COMPUTE_UNITS -> new Engine[]{Engine.COMPUTE};
        };
    }

    /** Stores often enough that every engine of the kind has the translation. */
    private void touch(Client client, long va) {
        for (int i = 0; i < (client == Client.COPY_ENGINES ? 24 : 1); i++) {
            touchOnce(client, va);
        }
    }

    private long touchOnce(Client client, long va) {
        long signal = store(client, va);
        queue.awaitSignal(signal);
        return signal;
    }

    /** Has a client store 7, four or eight bytes of it; returns the signal. */
    private long store(Client client, long va) {
        return switch (client) {
            case COMMAND_PROCESSOR -> {
                long signal = queue.signal();
                queue.put(WriteValuePacket.word(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM),
                        (ring, base) -> WriteValuePacket.encode(ring, base, 0, va, 7, signal));
                queue.ring();
                yield signal;
            }
            case COPY_ENGINES -> {
                context.host.set(java.lang.foreign.ValueLayout.JAVA_LONG, 0, 7);
                yield queue.copy(TestContext.HOST_VA, va, 4);
            }
            case COMPUTE_UNITS -> kernels.launch(queue, Name.STORE, 1, 1, kernels.parameters(va, 0));
        };
    }

    private int read(long pa) {
        bench.regs.memory().writeWindow(pa & -65536);
        int value = bench.bar2.read32(pa & 65535);
        bench.regs.memory().writeWindow(0);
        return value;
    }

    private void again() {
        queue.disable();
        queue.clearRing();
        queue.enable();
    }
}
