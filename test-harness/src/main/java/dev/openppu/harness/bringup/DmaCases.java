package dev.openppu.harness.bringup;

import dev.openppu.abi.error.Xid;
import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.ScatterGatherEntry;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.hal.Observable;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Stage 6: copies in every direction, compared whole, and refusals outside what is mapped. */
final class DmaCases {
    private static final int[] SIZES = {1, 2, 3, 4, 7, 8, 15, 31, 63, 64, 65, 127, 255, 511, 1023, 4095, 4096, 4097, 12289, 65537};
    private static final int[] ALIGNMENTS = {0, 1, 3, 4, 7, 8, 63, 2047, 4095};
    private static final int AREA = 128 * 1024;
    private static final int LARGE = 3 * 1024 * 1024 + 17;
    private static final long DESTINATION = 0x100_0000;
    private static final long SYSTEM_RW = PageTableEntry.READ | PageTableEntry.WRITE | PageTableEntry.SYSTEM;
    private static final int COPY = CopyPacket.word(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);

    private DmaCases() {}

    static Stage stage() {
        Rule whole = Rule.guide(5, "COPY moves exactly its bytes, at any size and alignment, and touches nothing else");
        Rule confined = new Rule(
                "A device reaches exactly the mapped ranges of host memory with the mapped rights; a refusal leaves memory untouched and is XID 644",
                "docs/device.md §7; DmaSpace");
        return new Stage("dma", "DMA", List.of(
                Case.of("dma.host-to-device", "Host to device, odd sizes and alignments", whole, DmaCases::hostToDevice),
                Case.of("dma.device-to-host", "Device to host, odd sizes and alignments", whole, DmaCases::deviceToHost),
                Case.of("dma.device-to-device", "Device to device, odd sizes and alignments", whole, DmaCases::deviceToDevice),
                Case.of("dma.large", "A copy of megabytes there and back", whole, DmaCases::large),
                Case.of("dma.fill", "Fill with 1, 2 and 4 bytes", Rule.guide(5, "FILL sets exactly its elements"), DmaCases::fill),
                Case.of("dma.scatter-gather", "Scatter-gather", Rule.guide(5, "A scatter-gather copy moves every piece of its list"),
                        DmaCases::scatterGather),
                Case.of("dma.window", "BAR2 window", Rule.map("memory.window: the device memory address that BAR2's first byte shows"),
                        DmaCases::window),
                Case.of("dma.unmapped", "Refused: never mapped", confined, DmaCases::unmapped),
                Case.of("dma.read-only", "Refused: writing what the device may only read", confined, DmaCases::readOnly),
                Case.of("dma.write-only", "Refused: reading what the device may only write", confined, DmaCases::writeOnly)
                        .needing(Observable.WRITE_ONLY_DMA),
                Case.of("dma.after-unmap", "Refused: after unmapping", confined, DmaCases::afterUnmap),
                Case.of("dma.beyond", "Refused: beyond the end of a mapping", confined, DmaCases::beyond)));
    }

    private static void hostToDevice(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, AREA).memory();
            long device = shop.device(0, AREA);
            RawQueue queue = shop.queue();
            byte[] content = Patterns.bytes(AREA, 1);
            write(host, 0, content);
            forEachShape((size, from, to) -> {
                shop.space().poke(device, Patterns.guards(to + size + 64));
                copy(shop, queue, Workshop.HOST + from, Workshop.DEVICE + to, size);
                expectWithin(shop.space().peek(device, to + size + 64), content, from, to, size);
            });
        }
    }

    private static void deviceToHost(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, AREA).memory();
            byte[] content = Patterns.bytes(AREA, 2);
            shop.space().poke(shop.device(0, AREA), content);
            RawQueue queue = shop.queue();
            forEachShape((size, from, to) -> {
                write(host, 0, Patterns.guards(to + size + 64));
                copy(shop, queue, Workshop.DEVICE + from, Workshop.HOST + to, size);
                expectWithin(read(host, 0, to + size + 64), content, from, to, size);
            });
        }
    }

    private static void deviceToDevice(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            byte[] content = Patterns.bytes(AREA, 3);
            shop.space().poke(shop.device(0, AREA), content);
            long destination = shop.device(DESTINATION, AREA);
            RawQueue queue = shop.queue();
            forEachShape((size, from, to) -> {
                shop.space().poke(destination, Patterns.guards(to + size + 64));
                copy(shop, queue, Workshop.DEVICE + from, Workshop.DEVICE + DESTINATION + to, size);
                expectWithin(shop.space().peek(destination, to + size + 64), content, from, to, size);
            });
        }
    }

    private static void large(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, LARGE).memory();
            MemorySegment back = shop.host(DESTINATION, LARGE).memory();
            shop.device(0, LARGE);
            byte[] content = Patterns.bytes(LARGE, 4);
            write(host, 0, content);
            RawQueue queue = shop.queue();
            copy(shop, queue, Workshop.HOST, Workshop.DEVICE, LARGE);
            copy(shop, queue, Workshop.DEVICE, Workshop.HOST + DESTINATION, LARGE);
            Check.bytes("copied there and back", content, read(back, 0, LARGE));
            bench.note("%.1f MiB each way".formatted(LARGE / 1048576.0));
        }
    }

    private static void fill(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, AREA).memory();
            long device = shop.device(0, AREA);
            RawQueue queue = shop.queue();
            for (int element : new int[]{1, 2, 4}) {
                for (int elements : new int[]{1, 3, 511, 4097}) {
                    int offset = 4096 - element;
                    byte[] expected = Patterns.guards(AREA);
                    for (int i = 0; i < elements * element; i++) {
                        expected[offset + i] = (byte) (0x8899_aabbL >>> 8 * (i % element));
                    }
                    write(host, 0, Patterns.guards(AREA));
                    shop.space().poke(device, Patterns.guards(AREA));
                    fillBoth(shop, queue, element, elements, offset);
                    Check.bytes("host memory filled with %d elements of %d bytes".formatted(elements, element), expected,
                            read(host, 0, AREA));
                    Check.bytes("device memory filled with %d elements of %d bytes".formatted(elements, element), expected,
                            shop.space().peek(device, AREA));
                }
            }
        }
    }

    private static void fillBoth(Workshop shop, RawQueue queue, int element, int elements, int offset) {
        for (long base : new long[]{Workshop.HOST, Workshop.DEVICE}) {
            long signal = shop.signal(1);
            queue.submit(FillPacket.word(false, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_SYSTEM),
                    (ring, at) -> FillPacket.encode(ring, at, element, 0x8899_aabbL, base + offset, elements, signal));
            shop.await(signal);
        }
    }

    private static void scatterGather(Bench bench) {
        int pieces = 100;
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, AREA).memory();
            MemorySegment list = shop.host(DESTINATION, (long) pieces * ScatterGatherEntry.BYTES).memory();
            long device = shop.device(0, AREA);
            byte[] content = Patterns.bytes(AREA, 5);
            byte[] expected = Patterns.guards(AREA);
            write(host, 0, content);
            shop.space().poke(device, expected);
            for (int i = 0; i < pieces; i++) {
                int size = 1 + i * 7;
                int from = i * 811;
                int to = (pieces - 1 - i) * 1009;
                ScatterGatherEntry.encode(list, (long) i * ScatterGatherEntry.BYTES, Workshop.HOST + from, Workshop.DEVICE + to, size);
                System.arraycopy(content, from, expected, to, size);
            }
            long signal = shop.signal(1);
            shop.queue().submit(COPY, (ring, at) -> CopyPacket.encode(ring, at, CopyPacket.FLAG_SCATTER_GATHER, Workshop.HOST + DESTINATION,
                    0, pieces, signal));
            shop.await(signal);
            Check.bytes("device memory after %d pieces".formatted(pieces), expected, shop.space().peek(device, AREA));
        }
    }

    private static void window(Bench bench) {
        dev.openppu.harness.bench.BareDevice device = bench.booted();
        long memory = device.registers().memory().readSize() - device.registers().memory().readReserved() * 4096L;
        long[] places = {0x1_0000, memory / 3 & -65536L, memory - 0x1_0000};
        for (int i = 0; i < places.length; i++) {
            device.memory().write(places[i], MemorySegment.ofArray(Patterns.bytes(300, 10 + i)));
        }
        device.memory().flush();
        for (int i = 0; i < places.length; i++) {
            byte[] seen = new byte[300];
            device.memory().read(places[i], MemorySegment.ofArray(seen));
            Check.bytes("device memory at 0x%x".formatted(places[i]), Patterns.bytes(300, 10 + i), seen);
        }
        bench.note("%d GiB".formatted(memory >> 30));
    }

    private static void unmapped(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            long iova;
            try (DmaMapping gone = bench.link().dma().allocate(AREA, DmaAccess.BOTH)) {
                iova = gone.iova();
            }
            shop.space().map(Workshop.HOST, iova, AREA, SYSTEM_RW);
            shop.device(0, AREA);
            expectRefusal(shop, Workshop.HOST, Workshop.DEVICE, AREA);
        }
    }

    private static void readOnly(Bench bench) {
        try (Workshop shop = bench.workshop(); DmaMapping host = bench.link().dma().allocate(AREA, DmaAccess.DEVICE_READS)) {
            write(host.memory(), 0, Patterns.guards(AREA));
            shop.space().map(Workshop.HOST, host.iova(), AREA, SYSTEM_RW);
            shop.device(0, AREA);
            expectRefusal(shop, Workshop.DEVICE, Workshop.HOST, AREA);
            Check.bytes("host memory that the device may only read", Patterns.guards(AREA), read(host.memory(), 0, AREA));
        }
    }

    private static void writeOnly(Bench bench) {
        try (Workshop shop = bench.workshop(); DmaMapping host = bench.link().dma().allocate(AREA, DmaAccess.DEVICE_WRITES)) {
            write(host.memory(), 0, Patterns.bytes(AREA, 6));
            shop.space().map(Workshop.HOST, host.iova(), AREA, SYSTEM_RW);
            long device = shop.device(0, AREA);
            shop.space().poke(device, Patterns.guards(AREA));
            expectRefusal(shop, Workshop.HOST, Workshop.DEVICE, AREA);
            byte[] seen = shop.space().peek(device, AREA);
            Check.that(java.util.Arrays.mismatch(seen, Patterns.bytes(AREA, 6)) == 0 || seen[0] != Patterns.bytes(1, 6)[0],
                    "nothing of the host memory read",
                    "its first bytes");
        }
    }

    private static void afterUnmap(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            RawQueue queue = shop.queue();
            shop.device(0, AREA);
            DmaMapping host = bench.link().dma().allocate(AREA, DmaAccess.BOTH);
            shop.space().map(Workshop.HOST, host.iova(), AREA, SYSTEM_RW);
            copy(shop, queue, Workshop.DEVICE, Workshop.HOST, AREA);
            host.close();
            expectRefusal(shop, Workshop.DEVICE, Workshop.HOST, AREA);
        }
    }

    private static void beyond(Bench bench) {
        try (Workshop shop = bench.workshop();
                DmaMapping host = bench.link().dma().allocate(bench.link().dma().pageSize(), DmaAccess.BOTH)) {
            long size = host.size();
            shop.space().map(Workshop.HOST, host.iova(), size, SYSTEM_RW);
            shop.device(0, AREA);
            long signal = shop.signal(1);
            RawQueue queue = shop.queue();
            queue.submit(COPY, (ring, at) -> CopyPacket.encode(ring, at, 0, Workshop.DEVICE, Workshop.HOST + size - 64, 128, signal));
            Check.equal("signal of a copy over the end", Signal.FAILED, shop.awaitEnd(signal));
            Check.equal("queue error", QueueError.MEMORY_FAULT, queue.awaitError());
        }
    }

    private static void expectRefusal(Workshop shop, long from, long to, int size) {
        int before = FaultLog.total(shop.bench());
        RawQueue queue = shop.queue();
        long signal = shop.signal(1);
        queue.submit(COPY, (ring, at) -> CopyPacket.encode(ring, at, 0, from, to, size, signal));
        Check.equal("signal of a refused copy", Signal.FAILED, shop.awaitEnd(signal));
        Check.equal("queue error", QueueError.MEMORY_FAULT, queue.awaitError());
        FaultLog.expect(shop.bench(), before, Xid.CHUB_TLB_XNACK);
    }

    private static void copy(Workshop shop, RawQueue queue, long from, long to, long size) {
        long signal = shop.signal(1);
        queue.submit(COPY, (ring, at) -> CopyPacket.encode(ring, at, 0, from, to, size, signal));
        shop.await(signal);
    }

    /** Every size once, with alignments that change from size to size, so that all alignments meet small and large sizes. */
    private static void forEachShape(Shape shape) {
        for (int i = 0; i < SIZES.length; i++) {
            shape.with(SIZES[i], ALIGNMENTS[i % ALIGNMENTS.length], ALIGNMENTS[(i * 5 + 2) % ALIGNMENTS.length]);
        }
    }

    private static void expectWithin(byte[] seen, byte[] content, int from, int to, int size) {
        byte[] expected = Patterns.guards(seen.length);
        System.arraycopy(content, from, expected, to, size);
        Check.bytes("%d bytes from offset %d to offset %d, guards included".formatted(size, from, to), expected, seen);
    }

    private static void write(MemorySegment memory, long offset, byte[] content) {
        MemorySegment.copy(MemorySegment.ofArray(content), 0, memory, offset, content.length);
    }

    private static byte[] read(MemorySegment memory, long offset, int length) {
        return memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }

    private interface Shape {
        void with(int size, int from, int to);
    }
}
