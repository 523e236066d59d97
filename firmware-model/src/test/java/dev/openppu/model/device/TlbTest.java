package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.reg.MmuAccess;
import dev.openppu.abi.reg.MmuContextRegs;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.abi.reg.MmuScope;
import dev.openppu.hal.posix.HostMemory;
import dev.openppu.model.memory.Mmu;
import dev.openppu.model.memory.SparseMemory;
import dev.openppu.model.memory.Tlb;
import dev.openppu.model.memory.Translation;
import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The translation buffer is bounded, stale until told, and never changes an answer otherwise. */
class TlbTest {
    private static final long ROOT = 0x10_0000;

    @Test
    void aSmallBufferGivesTheSameAnswersAsTheTables() {
        try (Arena arena = Arena.ofConfined()) {
            SparseMemory memory = new SparseMemory(HostMemory.reserve(1L << 30, arena));
            Mmu mmu = new Mmu(memory, memory.size(), 4);
            long tables = table(memory, 64);
            mmu.rootWritten(1, MmuContextRegs.Root.withValid(ROOT, true));
            mmu.rootWritten(2, MmuContextRegs.Root.withValid(ROOT, true));
            Tlb tlb = mmu.newTlb(8, 5);
            Translation out = new Translation();
            Random random = new Random(1);
            for (int i = 0; i < 5000; i++) {
                int page = random.nextInt(70);
                long offset = random.nextInt(4096);
                mmu.translate(tlb, 1 + random.nextInt(2), page * 4096L + offset, MmuAccess.READ, out);
                assertThat(out.reason()).isEqualTo(page < 64 ? MmuReason.NONE : MmuReason.INVALID_PAGE);
                if (page < 64) {
                    assertThat(out.address()).isEqualTo(0x1000_0000L + page * 8192L + offset);
                    assertThat(out.bytesToPageEnd()).isEqualTo(4096 - offset);
                }
            }
            assertThat(tlb.hits() + tlb.misses()).isEqualTo(5000);
            assertThat(tlb.hits()).isBetween(100L, 2000L);
            mmu.translate(tlb, 1, 4096, MmuAccess.READ, out);
            memory.store(tables + 8, 8, 0);
            mmu.translate(tlb, 1, 4096, MmuAccess.READ, out);
            assertThat(out.ok()).as("stale").isTrue();
            mmu.invalidate(MmuScope.CONTEXT, 2, 0);
            mmu.translate(tlb, 1, 4096, MmuAccess.READ, out);
            assertThat(out.ok()).as("another context was invalidated").isTrue();
            mmu.invalidate(MmuScope.PAGE, 1, 4096 + 77);
            mmu.translate(tlb, 1, 4096, MmuAccess.READ, out);
            assertThat(out.reason()).isEqualTo(MmuReason.INVALID_PAGE);
            assertThat(out.level()).isZero();
        }
    }

    /** A slice of a kernel that a reset cannot interrupt walks with the root that it took before: what it finds is for nobody behind the reset. */
    @Test
    void whatIsWalkedFromARootOfBeforeAResetIsNotHeld() {
        try (Arena arena = Arena.ofConfined()) {
            SparseMemory memory = new SparseMemory(HostMemory.reserve(1L << 30, arena));
            Mmu mmu = new Mmu(memory, memory.size(), 4);
            long tables = table(memory, 1);
            mmu.rootWritten(1, MmuContextRegs.Root.withValid(ROOT, true));
            Tlb tlb = mmu.newTlb(8, 5);
            Translation out = new Translation();
            mmu.reset();
            mmu.translate(tlb, ROOT, 1, 8, MmuAccess.READ, out);
            assertThat(out.ok()).isTrue();
            long before = out.address();
            memory.store(tables, 8, memory.load(tables, 8) + 0x10_0000);
            mmu.rootWritten(1, MmuContextRegs.Root.withValid(ROOT, true));
            mmu.translate(tlb, 1, 8, MmuAccess.READ, out);
            assertThat(out.address()).isEqualTo(before + 0x10_0000);
        }
    }

    /** A kernel keeps what it finds until the epoch changes: what it finds in a buffer that an invalidation is about to reach must not stay with it. */
    @Test
    void whoFindsAnOldPageWhileItIsInvalidatedIsToldAfterwards() throws InterruptedException {
        try (Arena arena = Arena.ofShared()) {
            SparseMemory memory = new SparseMemory(HostMemory.reserve(1L << 30, arena));
            Mmu mmu = new Mmu(memory, memory.size(), 4);
            long tables = table(memory, 1);
            mmu.rootWritten(1, MmuContextRegs.Root.withValid(ROOT, true));
            Tlb tlb = mmu.newTlb(8, 5);
            Translation out = new Translation();
            mmu.translate(tlb, 1, 8, MmuAccess.READ, out);
            memory.store(tables, 8, 0);
            Thread invalidation = new Thread(() -> mmu.invalidate(MmuScope.CONTEXT, 1, 0));
            long found;
            synchronized (tlb) {
                invalidation.start();
                while (invalidation.isAlive() && invalidation.getState() != Thread.State.BLOCKED) {
                    Thread.onSpinWait();
                }
                mmu.translate(tlb, 1, 8, MmuAccess.READ, out);
                assertThat(out.ok()).as("still held").isTrue();
                found = mmu.epoch();
            }
            invalidation.join();
            assertThat(mmu.epoch()).as("epoch after the invalidation").isNotEqualTo(found);
            mmu.translate(tlb, 1, 8, MmuAccess.READ, out);
            assertThat(out.reason()).isEqualTo(MmuReason.INVALID_PAGE);
        }
    }

    /** Maps the first {@code pages} pages to every second one from 256 MiB on; returns the level-0 table. */
    private static long table(SparseMemory memory, int pages) {
        for (int level = 3; level > 0; level--) {
            memory.store(ROOT + (3 - level) * 4096L, 8, PageTableEntry.table(ROOT + (4 - level) * 4096L));
        }
        long last = ROOT + 3 * 4096L;
        for (int page = 0; page < pages; page++) {
            memory.store(last + page * 8L, 8, PageTableEntry.leaf(0, 0x1000_0000L + page * 8192L, PageTableEntry.READ));
        }
        return last;
    }
}
