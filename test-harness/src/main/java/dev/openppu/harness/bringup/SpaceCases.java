package dev.openppu.harness.bringup;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** The ends of the address space, and what invalidation has to do. */
final class SpaceCases {
    /** So many fills, one after the other, that each engine has had one and holds its translations. */
    private static final int FILLS = 8;
    private static final int PAGE = PageTableEntry.TABLE_BYTES;
    private static final long END = 1L << 47;
    private static final long PROBED = 1L << 41;
    private static final long[] NOT_CANONICAL = {END, END + PAGE, 1L << 48, 1L << 62, Long.MIN_VALUE, -END, -PAGE, -64};
    private static final long RW = PageTableEntry.READ | PageTableEntry.WRITE;
    private static final int FILL = FillPacket.word(false, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_SYSTEM);
    private static final int COPY = CopyPacket.word(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);
    private static final int OLD = 0x1111_1111;
    private static final int NEW = 0x2222_2222;
    private static final int UNDEFINED_SCOPE = 3;
    private static final long DONE_NANOS = 1_000_000_000L;

    private SpaceCases() {}

    static Stage stage() {
        List<Case> cases = new ArrayList<>();
        cases.add(Case.of("memory.not-canonical", "Addresses that are not canonical",
                Rule.guide(6, "Addresses have 48 bits, the lower half only: INVALID_VA"), SpaceCases::notCanonical));
        cases.add(Case.of("memory.first-and-last", "The first and the last page of the space",
                Rule.guide(6, "Addresses have 48 bits, the lower half only"), SpaceCases::firstAndLast));
        cases.add(Case.of("memory.beyond-last", "A copy over the end of the space",
                Rule.guide(6, "What lies beyond the lower half is INVALID_VA"),
                SpaceCases::beyondLast));
        for (int scope = 0; scope <= UNDEFINED_SCOPE; scope++) {
            int each = scope;
            cases.add(Case.of("memory.invalidate.scope-" + scope, "After an invalidation of scope " + scope + " nothing uses the old entry",
                    Rule.guide(6,
                            "invalidate_done counts when nothing can still use an older translation; an undefined scope counts as ALL"),
                    bench -> invalidate(bench, each)));
        }
        cases.addAll(ScatteredCases.cases());
        cases.addAll(LargePageCases.cases());
        cases.addAll(InvalidationCases.cases());
        cases.add(Case.of("memory.right-withdrawn", "A right that is taken away",
                Rule.guide(6, "After changing a valid entry: flush, invalidate, wait; then the new entry holds"),
                SpaceCases::rightWithdrawn));
        cases.add(Case.of("memory.invalid-not-kept", "A new valid entry", Rule.guide(6, "A new valid entry needs no invalidation"),
                SpaceCases::invalidNotKept));
        cases.add(CountCases.faults());
        return new Stage("spaces", "Ends of address spaces, invalidation", cases);
    }

    // ---- ends

    private static void notCanonical(Bench bench) {
        for (long address : NOT_CANONICAL) {
            try (Workshop shop = bench.workshop()) {
                clear(bench);
                RawQueue queue = shop.queue();
                long signal = shop.signal(1);
                queue.submit(FILL, (ring, at) -> FillPacket.encode(ring, at, 4, 1, address, 4, signal));
                expectFault(bench, shop, queue, signal, address, MmuReason.INVALID_VA);
            }
            try (Workshop shop = bench.workshop()) {
                shop.host(0, PAGE);
                clear(bench);
                RawQueue queue = shop.queue();
                long signal = shop.signal(1);
                queue.submit(COPY, (ring, at) -> CopyPacket.encode(ring, at, 0, address, Workshop.HOST, 16, signal));
                expectFault(bench, shop, queue, signal, address, MmuReason.INVALID_VA);
            }
        }
        bench.note(NOT_CANONICAL.length + " addresses");
    }

    private static void firstAndLast(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, PAGE).memory();
            long first = shop.space().mapDevice(0, PAGE);
            long last = shop.space().mapDevice(END - PAGE, PAGE);
            RawQueue queue = shop.queue();
            host.copyFrom(MemorySegment.ofArray(Patterns.bytes(PAGE, 8)));
            for (long to : new long[]{0, END - PAGE}) {
                long signal = shop.signal(1);
                queue.submit(COPY, (ring, at) -> CopyPacket.encode(ring, at, 0, Workshop.HOST, to, PAGE, signal));
                shop.await(signal);
            }
            Check.bytes("the first page", Patterns.bytes(PAGE, 8), shop.space().peek(first, PAGE));
            Check.bytes("the last page", Patterns.bytes(PAGE, 8), shop.space().peek(last, PAGE));
        }
    }

    private static void beyondLast(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            shop.host(0, 2L * PAGE);
            shop.space().mapDevice(END - PAGE, PAGE);
            clear(bench);
            RawQueue queue = shop.queue();
            long signal = shop.signal(1);
            queue.submit(COPY, (ring, at) -> CopyPacket.encode(ring, at, 0, Workshop.HOST, END - 64, 128, signal));
            expectFault(bench, shop, queue, signal, END, MmuReason.INVALID_VA);
        }
    }

    // ---- invalidation

    private static void invalidate(Bench bench, int scope) {
        int pages = 4;
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, PAGE).memory();
            RawQueue queue = shop.queue();
            for (int i = 0; i < pages; i++) {
                long address = PROBED + (long) i * PAGE;
                long before = shop.space().mapDevice(address, PAGE);
                long after = shop.space().mapDevice(PROBED + (1L << 30) + (long) i * PAGE, PAGE);
                shop.space().poke(before, word(OLD));
                shop.space().poke(after, word(NEW));
                Check.hex("word through the first entry", OLD, read(shop, queue, host, address));
                shop.space().map(address, after, PAGE, RW);
                invalidate(bench, shop.space().context(), address, scope);
                Check.hex("word after an invalidation of scope %d".formatted(scope), NEW, read(shop, queue, host, address));
            }
        }
    }

    private static void invalidate(Bench bench, int context, long address, int scope) {
        MmuRegs mmu = bench.registers().mmu();
        int before = mmu.readInvalidateDone();
        mmu.writeInvalidateAddress(address);
        int command = MmuRegs.Invalidate.withStart(MmuRegs.Invalidate.withContext(0, context), true);
        mmu.writeInvalidate(
                command & ~MmuRegs.Invalidate.SCOPE_MASK | scope << Integer.numberOfTrailingZeros(MmuRegs.Invalidate.SCOPE_MASK));
        if (!bench.function().poll(() -> mmu.readInvalidateDone() == before + 1, DONE_NANOS)) {
            throw new CheckFailedException("mmu.invalidate_done = %d within 1 s".formatted(before + 1), "" + mmu.readInvalidateDone());
        }
    }

    private static void rightWithdrawn(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            long place = shop.space().mapDevice(PROBED, PAGE);
            RawQueue queue = shop.queue();
            for (int times = 0; times < FILLS; times++) {
                long first = shop.signal(1);
                queue.submit(FILL, (ring, at) -> FillPacket.encode(ring, at, 4, OLD, PROBED, 4, first));
                shop.await(first);
            }
            shop.space().map(PROBED, place, PAGE, PageTableEntry.READ);
            shop.space().invalidate();
            clear(bench);
            long second = shop.signal(1);
            queue.submit(FILL, (ring, at) -> FillPacket.encode(ring, at, 4, NEW, PROBED, 4, second));
            expectFault(bench, shop, queue, second, PROBED, MmuReason.NO_RIGHT);
            Check.bytes("the page behind the right that was withdrawn", word(OLD), shop.space().peek(place, Integer.BYTES));
        }
    }

    private static void invalidNotKept(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, PAGE).memory();
            shop.space().entry(PROBED, 0, 0);
            clear(bench);
            RawQueue failing = shop.queue();
            long signal = shop.signal(1);
            failing.submit(FILL, (ring, at) -> FillPacket.encode(ring, at, 4, 1, PROBED, 4, signal));
            expectFault(bench, shop, failing, signal, PROBED, MmuReason.INVALID_PAGE);
            shop.space().poke(shop.space().mapDevice(PROBED, PAGE), word(NEW));
            Check.hex("word through an entry that was not valid before", NEW, read(shop, shop.queue(), host, PROBED));
        }
    }

    // ---- helpers

    private static byte[] word(int value) {
        return new byte[]{(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)};
    }

    private static int read(Workshop shop, RawQueue queue, MemorySegment host, long address) {
        long signal = shop.signal(1);
        queue.submit(COPY, (ring, at) -> CopyPacket.encode(ring, at, 0, address, Workshop.HOST, Integer.BYTES, signal));
        shop.await(signal);
        return host.get(ValueLayout.JAVA_INT, 0);
    }

    private static void clear(Bench bench) {
        MmuRegs mmu = bench.registers().mmu();
        mmu.writeFaultStatus(MmuRegs.FaultStatus.withValid(0, true));
        mmu.readFaultStatus();
    }

    private static void expectFault(Bench bench, Workshop shop, RawQueue queue, long signal, long address, MmuReason reason) {
        Check.equal("signal after an access to 0x%x".formatted(address), Signal.FAILED, shop.awaitEnd(signal));
        Check.equal("queue error after an access to 0x%x".formatted(address), QueueError.MEMORY_FAULT, queue.awaitError());
        Check.hex("queue.error_address", address, queue.registers().readErrorAddress());
        Check.equal("mmu.fault_status.reason after an access to 0x%x".formatted(address), reason,
                MmuReason.of(MmuRegs.FaultStatus.reason(bench.registers().mmu().readFaultStatus())));
    }
}
