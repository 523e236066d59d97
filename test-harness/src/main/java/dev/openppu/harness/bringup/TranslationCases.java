package dev.openppu.harness.bringup;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.reg.MmuContextRegs;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.Stage;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Every way in which a page table can be wrong, at every level. */
final class TranslationCases {
    private static final long PLACE = 1L << 30;
    /** Under another entry of the root than signals and host memory, so that any level may be wrong. */
    private static final long PROBED = 1L << 41;
    private static final long RW = PageTableEntry.READ | PageTableEntry.WRITE;
    private static final int[] RESERVED_BITS = IntStream.concat(IntStream.rangeClosed(6, 11), IntStream.rangeClosed(52, 63)).toArray();
    private static final int ANY_LEVEL = -1;
    private static final Rule FAULT = Rule.guide(6,
            "A walk that meets a wrong entry stops the packet and its queue, and mmu.fault_status names the reason and the level");

    private TranslationCases() {}

    static Stage stage() {
        List<Case> cases = new ArrayList<>();
        for (int level = 0; level <= PageTableEntry.ROOT_LEVEL; level++) {
            int at = level;
            cases.add(fault("invalid.level-" + at, "An entry that is not valid, level " + at,
                    bench -> expect(bench, "an entry of 0", MmuReason.INVALID_PAGE, at,
                            shop -> shop.space().entry(PROBED, at, 0))));
            cases.add(fault("reserved.level-" + at, "Each reserved bit, level " + at, bench -> reserved(bench, at)));
        }
        cases.add(fault("leaf-in-root", "A leaf in the root", bench -> expect(bench, "a leaf at level 3", MmuReason.MALFORMED_ENTRY, 3,
                shop -> shop.space().entry(PROBED, 3, PLACE | RW | PageTableEntry.LEAF | PageTableEntry.VALID))));
        cases.add(fault("table-in-last", "A table where only leaves may be",
                bench -> expect(bench, "a table at level 0", MmuReason.MALFORMED_ENTRY, 0,
                        shop -> shop.space().entry(PROBED, 0, PageTableEntry.table(PLACE)))));
        for (int level = 1; level <= PageTableEntry.ROOT_LEVEL; level++) {
            int at = level;
            cases.add(fault("table-rights.level-" + at, "A table with rights, level " + at, bench -> tableRights(bench, at)));
        }
        for (int level = 1; level <= PageTableEntry.HIGHEST_LEAF_LEVEL; level++) {
            int at = level;
            cases.add(fault("misaligned.level-" + at, "A leaf that is not aligned to its size, level " + at,
                    bench -> expect(bench, "a misaligned leaf", MmuReason.MALFORMED_ENTRY, at,
                            shop -> shop.space().entry(PROBED, at,
                                    PLACE + PageTableEntry.TABLE_BYTES | RW | PageTableEntry.LEAF | PageTableEntry.VALID))));
        }
        cases.add(fault("no-write-right", "Writing a page for reading",
                bench -> expect(bench, "a page that may be read only", MmuReason.NO_RIGHT, ANY_LEVEL,
                        shop -> shop.space().map(PROBED, PLACE, PageTableEntry.TABLE_BYTES, PageTableEntry.READ))));
        cases.add(fault("no-read-right", "Reading a page for writing", TranslationCases::noReadRight));
        cases.add(fault("outside", "A page outside device memory", bench -> {
            long size = bench.registers().memory().readSize();
            expect(bench, "a page behind the memory's end", MmuReason.INVALID_PA, ANY_LEVEL,
                    shop -> shop.space().map(PROBED, size, PageTableEntry.TABLE_BYTES, RW));
        }));
        cases.add(fault("reserved-page", "The firmware's first page", bench -> {
            long usable = usable(bench);
            expect(bench, "a page that is the firmware's", MmuReason.INVALID_PA, 0,
                    shop -> shop.space().map(PROBED, usable, PageTableEntry.TABLE_BYTES, RW));
        }));
        cases.add(fault("reserved-within", "A page of 1 GiB that reaches into the firmware's", bench -> {
            long last = usable(bench) & -PageTableEntry.pageBytes(2);
            expect(bench, "a page of 1 GiB of which the end is the firmware's", MmuReason.INVALID_PA, 2,
                    shop -> shop.space().entry(PROBED, 2, PageTableEntry.leaf(2, last, RW)));
        }));
        cases.add(fault("root-outside", "A root outside device memory", TranslationCases::rootOutside));
        cases.add(fault("other-space", "A page of another address space", TranslationCases::otherSpace));
        cases.addAll(RightCases.cases());
        return new Stage("translation", "Page tables that are wrong", cases);
    }

    private static Case fault(String id, String title, Case.Body body) {
        return Case.of("memory." + id, title, FAULT, body);
    }

    private static void reserved(Bench bench, int level) {
        long sound = level == 0 ? PageTableEntry.leaf(0, PLACE, RW) : PageTableEntry.table(PLACE);
        for (int bit : RESERVED_BITS) {
            expect(bench, "reserved bit %d in an entry of level %d".formatted(bit, level), MmuReason.MALFORMED_ENTRY, level,
                    shop -> shop.space().entry(PROBED, level, sound | 1L << bit));
        }
        bench.note(RESERVED_BITS.length + " bits");
    }

    private static void tableRights(Bench bench, int level) {
        for (long right : new long[]{PageTableEntry.READ, PageTableEntry.WRITE, PageTableEntry.EXECUTE, PageTableEntry.SYSTEM}) {
            expect(bench, "bit 0x%x in a table entry of level %d".formatted(right, level), MmuReason.MALFORMED_ENTRY, level,
                    shop -> shop.space().entry(PROBED, level, PageTableEntry.table(PLACE) | right));
        }
    }

    private static void noReadRight(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            shop.host(0, PageTableEntry.TABLE_BYTES);
            shop.space().map(PROBED, PLACE, PageTableEntry.TABLE_BYTES, PageTableEntry.WRITE);
            clear(bench);
            RawQueue queue = shop.queue();
            long signal = shop.signal(1);
            queue.submit(CopyPacket.word(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM),
                    (ring, at) -> CopyPacket.encode(ring, at, 0, PROBED, Workshop.HOST, 64, signal));
            judge(bench, shop, queue, signal, "a page that may be written only", MmuReason.NO_RIGHT, ANY_LEVEL);
        }
    }

    /** Where the memory ends that is not the firmware's. */
    private static long usable(Bench bench) {
        long reserved = Integer.toUnsignedLong(bench.registers().memory().readReserved());
        if (reserved == 0) {
            throw new SkippedException("memory.reserved says that the firmware keeps nothing for itself");
        }
        return bench.registers().memory().readSize() - reserved * PageTableEntry.TABLE_BYTES;
    }

    private static void rootOutside(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            long size = bench.registers().memory().readSize();
            bench.registers().context(shop.space().context())
                    .writeRoot(MmuContextRegs.Root.withTable(MmuContextRegs.Root.withValid(0, true), size / PageTableEntry.TABLE_BYTES));
            clear(bench);
            RawQueue queue = shop.queue();
            queue.submit(FillPacket.word(false, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_SYSTEM),
                    (ring, at) -> FillPacket.encode(ring, at, 4, 1, PROBED, 16, 0)); // no signal could be reached
            Check.equal("queue error with a root behind the memory's end", QueueError.MEMORY_FAULT, queue.awaitError());
            int status = bench.registers().mmu().readFaultStatus();
            Check.equal("mmu.fault_status.reason with a root behind the memory's end", MmuReason.INVALID_PA,
                    MmuReason.of(MmuRegs.FaultStatus.reason(status)));
            Check.equal("mmu.fault_status.walk_level with a root behind the memory's end", PageTableEntry.ROOT_LEVEL,
                    MmuRegs.FaultStatus.walkLevel(status));
        }
    }

    private static void otherSpace(Bench bench) {
        try (Workshop owner = bench.workshop(); Workshop stranger = owner.beside()) {
            owner.space().map(PROBED, PLACE, PageTableEntry.TABLE_BYTES, RW);
            clear(bench);
            fill(bench, stranger, "a page of another context", MmuReason.INVALID_PAGE, ANY_LEVEL);
        }
    }

    private static void expect(Bench bench, String what, MmuReason reason, int level, Consumer<Workshop> setUp) {
        try (Workshop shop = bench.workshop()) {
            setUp.accept(shop);
            clear(bench);
            fill(bench, shop, what, reason, level);
        }
    }

    private static void clear(Bench bench) {
        MmuRegs mmu = bench.registers().mmu();
        mmu.writeFaultStatus(MmuRegs.FaultStatus.withValid(0, true));
        mmu.readFaultStatus();
    }

    private static void fill(Bench bench, Workshop shop, String what, MmuReason reason, int level) {
        RawQueue queue = shop.queue();
        long signal = shop.signal(1);
        queue.submit(FillPacket.word(false, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_SYSTEM),
                (ring, at) -> FillPacket.encode(ring, at, 4, 1, PROBED, 16, signal));
        judge(bench, shop, queue, signal, what, reason, level);
    }

    private static void judge(Bench bench, Workshop shop, RawQueue queue, long signal, String what, MmuReason reason, int level) {
        Check.equal("signal after " + what, Signal.FAILED, shop.awaitEnd(signal));
        Check.equal("queue error after " + what, QueueError.MEMORY_FAULT, queue.awaitError());
        Check.hex("queue.error_address after " + what, PROBED, queue.registers().readErrorAddress());
        int status = bench.registers().mmu().readFaultStatus();
        Check.equal("mmu.fault_status.valid after " + what, true, MmuRegs.FaultStatus.valid(status));
        Check.equal("mmu.fault_status.reason after " + what, reason, MmuReason.of(MmuRegs.FaultStatus.reason(status)));
        if (level != ANY_LEVEL) {
            Check.equal("mmu.fault_status.walk_level after " + what, level, MmuRegs.FaultStatus.walkLevel(status));
        }
    }
}
