package dev.openppu.harness.bringup;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.ScatterGatherEntry;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** Transfers that take a device several bursts: every byte of them is looked at, the first and last of each burst whatever its size, and guards around. */
final class BurstCases {
    /** More than three bursts of the model (128 KiB), and no multiple of any power of two. */
    private static final int BYTES = 3 * 128 * 1024 + 12 * 7;
    private static final int GUARD = 64;
    private static final int ODD = 3;
    private static final int AREA = BYTES + 4 * GUARD;
    private static final long TARGET = 0x100_0000;
    private static final long LIST = 0x200_0000;
    private static final long PATTERN = 0xf1e2_d3c4L;
    /** Pieces of a list: just below, at, just over and far over bursts of powers of two. */
    private static final int[] PIECES = {128 * 1024 + 1, 5, 2 * 128 * 1024 - 1};
    private static final int COPY = CopyPacket.word(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);

    private BurstCases() {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        Rule copies = Rule.guide(5, "COPY moves exactly its bytes, at any size and alignment, and touches nothing else");
        for (boolean toDevice : new boolean[]{true, false}) {
            String way = toDevice ? "to-device" : "to-host";
            cases.add(Case.of("dma.bursts.copy." + way, "A copy of several bursts " + way.replace('-', ' '), copies,
                    bench -> copy(bench, toDevice)));
        }
        cases.add(Case.of("dma.bursts.list", "A list with pieces of several bursts",
                Rule.guide(5, "A scatter-gather copy moves every piece of its list, in any size and alignment, and nothing else"),
                BurstCases::list));
        for (int element : new int[]{Byte.BYTES, Short.BYTES, Integer.BYTES}) {
            cases.add(Case.of("dma.bursts.fill-" + element * Byte.SIZE, "A fill of several bursts, elements of %d bytes".formatted(element),
                    Rule.guide(5, "FILL writes its elements one behind the other, and nothing else"), bench -> fill(bench, element)));
        }
        return cases;
    }

    private static void copy(Bench bench, boolean toDevice) {
        try (Workshop shop = bench.workshop()) {
            byte[] content = Patterns.bytes(BYTES, 91);
            MemorySegment host = shop.host(0, AREA).memory();
            long device = shop.device(TARGET, AREA);
            byte[] source = Patterns.guards(AREA);
            System.arraycopy(content, 0, source, ODD, BYTES);
            host.copyFrom(MemorySegment.ofArray(toDevice ? source : Patterns.guards(AREA)));
            shop.space().poke(device, toDevice ? Patterns.guards(AREA) : source);
            long from = (toDevice ? Workshop.HOST : Workshop.DEVICE + TARGET) + ODD;
            long to = (toDevice ? Workshop.DEVICE + TARGET : Workshop.HOST) + GUARD;
            run(shop, COPY, signal -> (ring, at) -> CopyPacket.encode(ring, at, 0, from, to, BYTES, signal));
            expect("a copy of %d bytes".formatted(BYTES), content, toDevice ? shop.space().peek(device, AREA) : bytes(host));
        }
    }

    private static void list(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, AREA).memory();
            host.copyFrom(MemorySegment.ofArray(Patterns.guards(AREA)));
            long device = shop.device(TARGET, AREA);
            byte[] source = Patterns.bytes(AREA, 92);
            shop.space().poke(device, source);
            MemorySegment list = shop.host(LIST, (long) PIECES.length * ScatterGatherEntry.BYTES).memory();
            byte[] expected = new byte[java.util.Arrays.stream(PIECES).sum()];
            int done = 0;
            for (int i = 0; i < PIECES.length; i++) {
                int from = ODD + i;
                ScatterGatherEntry.encode(list, (long) i * ScatterGatherEntry.BYTES, Workshop.DEVICE + TARGET + from,
                        Workshop.HOST + GUARD + done, PIECES[i]);
                System.arraycopy(source, from, expected, done, PIECES[i]);
                done += PIECES[i];
            }
            run(shop, COPY, signal -> (ring, at) -> CopyPacket.encode(ring, at, CopyPacket.FLAG_SCATTER_GATHER, Workshop.HOST + LIST, 0,
                    PIECES.length, signal));
            expect("a list with large pieces", expected, bytes(host));
        }
    }

    private static void fill(Bench bench, int element) {
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, AREA).memory();
            host.copyFrom(MemorySegment.ofArray(Patterns.guards(AREA)));
            run(shop, FillPacket.word(false, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_SYSTEM),
                    signal -> (ring, at) -> FillPacket.encode(ring, at, element, PATTERN, Workshop.HOST + GUARD, BYTES / element, signal));
            byte[] expected = new byte[BYTES];
            for (int i = 0; i < BYTES; i++) {
                expected[i] = (byte) (PATTERN >>> i % element * Byte.SIZE);
            }
            expect("a fill of %d elements of %d bytes".formatted(BYTES / element, element), expected, bytes(host));
        }
    }

    private static void run(Workshop shop, int word, LongFunction<RawQueue.Body> body) {
        long signal = shop.signal(1);
        shop.queue().submit(word, body.apply(signal));
        shop.await(signal);
    }

    private static byte[] bytes(MemorySegment host) {
        return host.asSlice(0, AREA).toArray(ValueLayout.JAVA_BYTE);
    }

    /** Guards, the content, guards. */
    private static void expect(String what, byte[] content, byte[] seen) {
        byte[] expected = Patterns.guards(AREA);
        System.arraycopy(content, 0, expected, GUARD, content.length);
        Check.bytes(what + " with 64 guards before it and more behind", expected, seen);
    }
}
