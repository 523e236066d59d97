package dev.openppu.harness.bringup;

import dev.openppu.abi.error.Xid;
import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.ScatterGatherEntry;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Lists of pieces of every kind, copies onto themselves, pages that lack something in the middle, and memory that is unmapped while it is written. */
final class CopyCases {
    private static final int PAGE = PageTableEntry.TABLE_BYTES;
    private static final int AREA = 512 * 1024;
    private static final int LARGE = 1 << 20;
    private static final int GUARD = 64;
    private static final int LARGEST_PIECE = 200;
    private static final long TARGET = 0x100_0000;
    private static final long LIST = 0x200_0000;
    private static final long RW = PageTableEntry.READ | PageTableEntry.WRITE;
    private static final int COPY = CopyPacket.word(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);
    private static final long QUIET_NANOS = 2_000_000;
    private static final Rule LISTS = Rule.guide(5,
            "A scatter-gather copy moves every piece of its list, in any size and alignment, and nothing else");
    private static final Rule FAULTS = Rule.guide(5, "A COPY that faults may have done any part before the fault, nothing behind it");

    private CopyCases() {}

    /** A piece of a list, as offsets into the areas. */
    private record Piece(int from, int to, int bytes) {}

    static Stage stage(SuiteSettings settings) {
        int many = settings.thorough() ? CopyPacket.MAXIMUM_ENTRIES : 2000;
        List<Case> cases = new ArrayList<>(List.of(
                Case.of("dma.list.many", "A list of %d pieces".formatted(many), LISTS,
                        bench -> lists(bench, pieces(new Random(settings.seed()), many, 7))),
                Case.of("dma.list.unaligned", "Pieces of 0 to 200 bytes, unaligned", LISTS,
                        bench -> lists(bench, pieces(new Random(settings.seed()), settings.thorough() ? 4000 : 800, LARGEST_PIECE))),
                Case.of("dma.list.empty", "Pieces of no bytes, to and from where nothing is", LISTS, CopyCases::empty),
                Case.of("dma.list.bad-entry", "A list with a word that must be zero",
                        Rule.guide(5, "The fourth word of an entry is zero; a list that is malformed stops the queue with INVALID_PACKET"),
                        CopyCases::badEntry),
                Case.of("dma.list.too-long", "A list with a piece of 2^63 bytes or more",
                        Rule.guide(5, "The bytes of an entry are below 2^63; a list that is malformed stops the queue with INVALID_PACKET"),
                        CopyCases::tooLong),
                Case.of("dma.list.fault", "A list with a piece that cannot be copied", FAULTS, CopyCases::listFault),
                Case.of("dma.overlap", "Source and destination overlap",
                        Rule.guide(5, "Overlapping source and destination give a mixture of old and new bytes, no fault, nothing beside"),
                        CopyCases::overlap)));
        for (boolean source : new boolean[]{true, false}) {
            cases.add(Case.of("dma.page-amid." + (source ? "source" : "destination"),
                    "A page that lacks something, in the middle of the " + (source ? "source" : "destination"), FAULTS,
                    bench -> pageAmid(bench, source)));
        }
        cases.add(Case.of("dma.unmap-amid", "Host memory is unmapped while it is written",
                new Rule("When unmapping returns the device writes no more; the copy fails with XID 644, or was over",
                        "DmaMapping.close; docs/device.md §7"),
                bench -> unmapAmid(bench, settings)));
        return new Stage("copies", "Unusual copies", cases);
    }

    // ---- lists

    /** Pieces one behind the other with guards between, each from anywhere. */
    private static List<Piece> pieces(Random random, int count, int largest) {
        List<Piece> pieces = new ArrayList<>();
        int to = GUARD;
        for (int i = 0; i < count && to < AREA - 2 * largest; i++) {
            int bytes = random.nextInt(largest + 1);
            pieces.add(new Piece(random.nextInt(AREA - largest), to, bytes));
            to += bytes + random.nextInt(4);
        }
        return pieces;
    }

    private static void lists(Bench bench, List<Piece> pieces) {
        for (boolean toHost : new boolean[]{true, false}) {
            try (Workshop shop = bench.workshop()) {
                byte[] content = Patterns.bytes(AREA, 41);
                MemorySegment host = shop.host(0, AREA).memory();
                long device = shop.device(TARGET, AREA);
                long from = toHost ? Workshop.DEVICE + TARGET : Workshop.HOST;
                long to = toHost ? Workshop.HOST : Workshop.DEVICE + TARGET;
                host.copyFrom(MemorySegment.ofArray(toHost ? Patterns.guards(AREA) : content));
                shop.space().poke(device, toHost ? content : Patterns.guards(AREA));
                byte[] expected = Patterns.guards(AREA);
                MemorySegment list = shop.host(LIST, (long) pieces.size() * ScatterGatherEntry.BYTES).memory();
                for (int i = 0; i < pieces.size(); i++) {
                    Piece piece = pieces.get(i);
                    ScatterGatherEntry.encode(list, (long) i * ScatterGatherEntry.BYTES, from + piece.from(), to + piece.to(),
                            piece.bytes());
                    System.arraycopy(content, piece.from(), expected, piece.to(), piece.bytes());
                }
                shop.await(submitList(shop, shop.queue(), pieces.size()));
                byte[] seen = toHost ? host.asSlice(0, AREA).toArray(ValueLayout.JAVA_BYTE) : shop.space().peek(device, AREA);
                Check.bytes((toHost ? "host" : "device") + " memory after %d pieces, guards included".formatted(pieces.size()), expected,
                        seen);
            }
        }
        bench.note(pieces.size() + " pieces each way");
    }

    private static long submitList(Workshop shop, RawQueue queue, int entries) {
        long signal = shop.signal(1);
        queue.submit(COPY,
                (ring, at) -> CopyPacket.encode(ring, at, CopyPacket.FLAG_SCATTER_GATHER, Workshop.HOST + LIST, 0, entries, signal));
        return signal;
    }

    private static void empty(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, PAGE).memory();
            host.fill(Patterns.GUARD);
            MemorySegment list = shop.host(LIST, PAGE).memory();
            ScatterGatherEntry.encode(list, 0, Workshop.DEVICE, Workshop.HOST, 0); // nothing is mapped there
            ScatterGatherEntry.encode(list, ScatterGatherEntry.BYTES, Workshop.HOST, Workshop.HOST + 64, 0);
            shop.await(submitList(shop, shop.queue(), 2));
            Check.bytes("host memory after two pieces of no bytes", Patterns.guards(PAGE),
                    host.asSlice(0, PAGE).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private static void badEntry(Bench bench) {
        for (int bit : new int[]{0, 31, 63}) {
            refused(bench, "a list with bit %d of a word set that must be zero".formatted(bit), 16, 1L << bit);
        }
    }

    private static void tooLong(Bench bench) {
        for (long bytes : new long[]{-1, -16, -16 - AREA, Long.MIN_VALUE}) {
            refused(bench, "a list with a piece of 0x%x bytes".formatted(bytes), bytes, 0);
        }
    }

    /** A list of a piece of no bytes and one that is malformed: nothing is copied. */
    private static void refused(Bench bench, String what, long bytes, long zero) {
        try (Workshop shop = bench.workshop()) {
            byte[] content = Patterns.bytes(PAGE, 43);
            MemorySegment host = shop.host(0, PAGE).memory();
            host.copyFrom(MemorySegment.ofArray(content));
            MemorySegment list = shop.host(LIST, PAGE).memory();
            ScatterGatherEntry.encode(list, 0, Workshop.HOST, Workshop.HOST + PAGE / 2, 0);
            ScatterGatherEntry.encode(list, ScatterGatherEntry.BYTES, Workshop.HOST, Workshop.HOST + PAGE / 2, bytes);
            list.set(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN),
                    2 * ScatterGatherEntry.BYTES - Long.BYTES, zero);
            int before = FaultLog.total(bench);
            RawQueue queue = shop.queue();
            Check.equal("signal of " + what, Signal.FAILED, shop.awaitEnd(submitList(shop, queue, 2)));
            Check.equal("queue error after " + what, QueueError.INVALID_PACKET, queue.awaitError());
            FaultLog.expect(bench, before, Xid.CP_INVALID_COMMAND);
            Check.bytes("host memory after " + what, content, host.asSlice(0, PAGE).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private static void listFault(Bench bench) {
        int pieces = 30;
        int bad = 17;
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, AREA).memory();
            host.fill(Patterns.GUARD);
            shop.device(0, PAGE);
            MemorySegment list = shop.host(LIST, PAGE).memory();
            for (int i = 0; i < pieces; i++) {
                long from = i == bad ? Workshop.DEVICE + TARGET : Workshop.DEVICE;
                ScatterGatherEntry.encode(list, (long) i * ScatterGatherEntry.BYTES, from, Workshop.HOST + (long) i * PAGE, 100);
            }
            RawQueue queue = shop.queue();
            Check.equal("signal of a list with an unmapped piece", Signal.FAILED, shop.awaitEnd(submitList(shop, queue, pieces)));
            Check.equal("queue error", QueueError.MEMORY_FAULT, queue.awaitError());
            bench.link().runtime().sleep(QUIET_NANOS);
            byte[] seen = host.asSlice((long) bad * PAGE, (long) (pieces - bad) * PAGE).toArray(ValueLayout.JAVA_BYTE);
            Check.bytes("host memory of the piece that failed and those behind", Patterns.guards(seen.length), seen);
        }
    }

    // ---- one copy

    private static void overlap(Bench bench) {
        int bytes = 3 * PAGE + 5;
        int begin = 8 * PAGE;
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, AREA).memory();
            RawQueue queue = shop.queue();
            byte[] content = new byte[AREA];
            for (int i = 0; i < AREA; i++) {
                content[i] = i >= begin - 2 * PAGE && i < begin + bytes + 2 * PAGE ? (byte) (i & 0x3f) : Patterns.GUARD;
            }
            for (int distance : new int[]{0, 1, 7, 64, PAGE - 1, PAGE, bytes - 1, -1, -63, -64, -PAGE}) {
                host.copyFrom(MemorySegment.ofArray(content));
                long signal = shop.signal(1);
                queue.submit(COPY,
                        (ring, at) -> CopyPacket.encode(ring, at, 0, Workshop.HOST + begin, Workshop.HOST + begin + distance, bytes,
                                signal));
                shop.await(signal);
                byte[] seen = host.asSlice(0, AREA).toArray(ValueLayout.JAVA_BYTE);
                byte[] expected = content.clone();
                // what is within is any of the bytes that were there, none of which is a guard
                System.arraycopy(seen, begin + distance, expected, begin + distance, bytes);
                Check.bytes("memory beside a copy onto itself by %d".formatted(distance), expected, seen);
                for (int i = 0; i < bytes; i++) {
                    byte each = seen[begin + distance + i];
                    Check.that(distance == 0 ? each == content[begin + i] : (each & ~0x3f) == 0,
                            "a byte of the source, shifted by " + distance,
                            "0x%02x".formatted(each));
                }
            }
        }
    }

    private static void pageAmid(Bench bench, boolean source) {
        int pages = 6;
        int bad = 3;
        for (long flags : new long[]{-1, source ? PageTableEntry.WRITE : PageTableEntry.READ}) {
            try (Workshop shop = bench.workshop()) {
                long bytes = (long) pages * PAGE;
                MemorySegment host = shop.host(0, bytes).memory();
                long device = shop.device(TARGET, bytes);
                host.fill(Patterns.GUARD);
                long wrong = Workshop.DEVICE + TARGET + (long) bad * PAGE;
                if (flags == -1) {
                    shop.space().entry(wrong, 0, 0);
                } else {
                    shop.space().map(wrong, device + (long) bad * PAGE, PAGE, flags);
                }
                byte[] clean = Patterns.guards((pages - bad) * PAGE);
                shop.space().poke(device + (long) bad * PAGE, clean);
                RawQueue queue = shop.queue();
                long from = source ? Workshop.DEVICE + TARGET : Workshop.HOST;
                long to = source ? Workshop.HOST : Workshop.DEVICE + TARGET;
                if (!source) {
                    host.fill((byte) 1);
                }
                int before = FaultLog.total(bench);
                long signal = shop.signal(1);
                queue.submit(COPY, (ring, at) -> CopyPacket.encode(ring, at, 0, from, to, bytes, signal));
                Check.equal("signal", Signal.FAILED, shop.awaitEnd(signal));
                Check.equal("queue error", QueueError.MEMORY_FAULT, queue.awaitError());
                Check.hex("queue.error_address", wrong, queue.registers().readErrorAddress());
                FaultLog.expect(bench, before, Xid.CHUB_INVALID_PAGE);
                byte[] behind = source
                        ? host.asSlice((long) bad * PAGE, clean.length).toArray(ValueLayout.JAVA_BYTE)
                        : shop.space().peek(device + (long) bad * PAGE, clean.length);
                Check.bytes("destination from the page on that faulted", clean, behind);
            }
        }
    }

    // ---- unmapping

    private static void unmapAmid(Bench bench, SuiteSettings settings) {
        LinkRuntime runtime = bench.link().runtime();
        long duration = 0;
        int refused = 0;
        int rounds = settings.thorough() ? 64 : 12;
        for (int round = 0; round <= rounds; round++) {
            try (Workshop shop = bench.workshop(); Arena arena = Arena.ofShared()) {
                MemorySegment memory = arena.allocate(LARGE, bench.link().dma().pageSize());
                DmaMapping mapping = bench.link().dma().map(memory, DmaAccess.BOTH);
                shop.space().map(Workshop.HOST, mapping.iova(), LARGE, RW | PageTableEntry.SYSTEM);
                shop.device(0, LARGE);
                RawQueue queue = shop.queue();
                int before = FaultLog.total(bench);
                long signal = shop.signal(1);
                long begun = runtime.nanos();
                queue.submit(COPY, (ring, at) -> CopyPacket.encode(ring, at, 0, Workshop.DEVICE, Workshop.HOST, LARGE, signal));
                if (round == 0) {
                    shop.await(signal);
                    duration = runtime.nanos() - begun;
                } else {
                    runtime.sleep(duration * (round - 1) / rounds);
                }
                mapping.close();
                memory.fill(Patterns.GUARD);
                long end = shop.awaitEnd(signal);
                runtime.sleep(QUIET_NANOS);
                Check.bytes("host memory after unmapping returned, %d/%d into the copy".formatted(round - 1, rounds),
                        Patterns.guards(LARGE),
                        memory.toArray(ValueLayout.JAVA_BYTE));
                if (end != 0) {
                    refused++;
                    Check.equal("error of a copy to memory that was unmapped", QueueError.MEMORY_FAULT, queue.awaitError());
                    FaultLog.expect(bench, before, Xid.CHUB_TLB_XNACK);
                }
            }
        }
        bench.note("%d of %d copies refused amid".formatted(refused, rounds));
    }
}
