package dev.openppu.harness.bringup;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** Pages that lie beside each other in the address space and nowhere else: one copy or fill goes over all of them. */
final class ScatteredCases {
    private static final int PAGE = PageTableEntry.TABLE_BYTES;
    /** Where the pages of a space lie, counted in pages: upwards, downwards, apart, and some that do go on. */
    private static final int[][] ORDERS = {{3, 4, 0, 7, 1, 2, 6, 5}, {7, 6, 5, 4, 3, 2, 1, 0}, {1, 0, 2, 3, 5, 4, 6, 7}};
    private static final int PAGES = ORDERS[0].length;
    private static final int BYTES = PAGES * PAGE;
    private static final int FROM = 24;
    private static final int COUNT = BYTES - FROM - 40;
    private static final long RW = PageTableEntry.READ | PageTableEntry.WRITE;
    private static final long FIRST = 1L << 41;
    private static final long APART = 1L << 30;
    private static final long STORE = 0x100_0000L;
    private static final int COPY = CopyPacket.word(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);
    private static final int FILL = FillPacket.word(false, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_SYSTEM);
    private static final int VALUE = 0x1234_5678;

    private ScatteredCases() {}

    static List<Case> cases() {
        Rule rule = Rule.guide(6, "Each page is translated by its own entry, wherever the one before it lies");
        return List.of(
                Case.of("memory.scattered.copy", "Copies between pages in any order, of device and host memory", rule,
                        ScatteredCases::copies),
                Case.of("memory.scattered.fill", "Fills of pages in any order, of device and host memory", rule, ScatteredCases::fills));
    }

    /** Which of its pages are host memory. */
    private enum Kind {
        DEVICE, HOST, MIXED;

        boolean host(int page) {
            return this == HOST || this == MIXED && page % 3 == 1;
        }
    }

    /**
     * So many pages of an address space.
     *
     * @param order where each of them is, in pages from the begin of its memory
     */
    private record Scattered(Workshop shop, Kind kind, long address, int[] order, long device, DmaMapping host) {
        static Scattered make(Workshop shop, Kind kind, int[] order, int number) {
            long address = FIRST + number * APART;
            long device = shop.space().mapDevice(address + APART / 2, BYTES);
            DmaMapping host = shop.host(STORE + (long) number * BYTES, BYTES);
            for (int i = 0; i < PAGES; i++) {
                long at = (long) order[i] * PAGE;
                if (kind.host(i)) {
                    shop.space().map(address + (long) i * PAGE, host.iova() + at, PAGE, RW | PageTableEntry.SYSTEM);
                } else {
                    shop.space().map(address + (long) i * PAGE, device + at, PAGE, RW);
                }
            }
            return new Scattered(shop, kind, address, order, device, host);
        }

        void store(byte[] content) {
            for (int i = 0; i < PAGES; i++) {
                byte[] page = Arrays.copyOfRange(content, i * PAGE, (i + 1) * PAGE);
                long at = (long) order[i] * PAGE;
                if (kind.host(i)) {
                    MemorySegment.copy(MemorySegment.ofArray(page), 0, host.memory(), at, PAGE);
                } else {
                    shop.space().poke(device + at, page);
                }
            }
        }

        byte[] content() {
            byte[] content = new byte[BYTES];
            for (int i = 0; i < PAGES; i++) {
                long at = (long) order[i] * PAGE;
                if (kind.host(i)) {
                    MemorySegment.copy(host.memory(), at, MemorySegment.ofArray(content), (long) i * PAGE, PAGE);
                } else {
                    System.arraycopy(shop.space().peek(device + at, PAGE), 0, content, i * PAGE, PAGE);
                }
            }
            return content;
        }

        @Override
        public String toString() {
            return "%s pages in the order %s".formatted(kind, Arrays.toString(order));
        }
    }

    private static void copies(Bench bench) {
        int number = 0;
        for (Kind from : Kind.values()) {
            for (Kind to : Kind.values()) {
                try (Workshop shop = bench.workshop()) {
                    RawQueue queue = shop.queue();
                    Scattered source = Scattered.make(shop, from, ORDERS[number % ORDERS.length], 0);
                    Scattered destination = Scattered.make(shop, to, ORDERS[(number + 1) % ORDERS.length], 1);
                    byte[] moved = Patterns.bytes(BYTES, number);
                    byte[] expected = Patterns.bytes(BYTES, number + 50);
                    source.store(moved);
                    destination.store(expected);
                    int shift = number % 3 * 8; // both sides' pages end together, or do not
                    long signal = shop.signal(1);
                    queue.submit(COPY,
                            (ring, at) -> CopyPacket.encode(ring, at, 0, source.address() + FROM, destination.address() + FROM + shift,
                                    COUNT - shift, signal));
                    shop.await(signal);
                    System.arraycopy(moved, FROM, expected, FROM + shift, COUNT - shift);
                    Check.bytes("%s, to which %s were copied".formatted(destination, source), expected, destination.content());
                }
                number++;
            }
        }
        bench.note(number + " copies");
    }

    private static void fills(Bench bench) {
        for (Kind kind : Kind.values()) {
            for (int[] order : ORDERS) {
                try (Workshop shop = bench.workshop()) {
                    RawQueue queue = shop.queue();
                    Scattered filled = Scattered.make(shop, kind, order, 0);
                    byte[] expected = Patterns.bytes(BYTES, order[0]);
                    filled.store(expected);
                    long signal = shop.signal(1);
                    queue.submit(FILL,
                            (ring, at) -> FillPacket.encode(ring, at, 4, VALUE, filled.address() + FROM, COUNT / Integer.BYTES, signal));
                    shop.await(signal);
                    for (int i = 0; i < COUNT; i++) {
                        expected[FROM + i] = (byte) (VALUE >>> Byte.SIZE * (i % Integer.BYTES));
                    }
                    Check.bytes(filled + ", which were filled", expected, filled.content());
                }
            }
        }
        bench.note(Kind.values().length * ORDERS.length + " fills");
    }
}
