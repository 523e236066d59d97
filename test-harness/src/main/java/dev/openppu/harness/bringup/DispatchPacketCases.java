package dev.openppu.harness.bringup;

import dev.openppu.abi.code.KernelDescriptor;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.KernelDispatchPacket;
import dev.openppu.harness.Case;
import dev.openppu.harness.Rule;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawKernel;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import dev.openppu.harness.bringup.SoundPacket.Zeros;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Kernel dispatch packets at their limits and beyond. Bad ones name a descriptor that is not there: what is wrong with a packet by itself is told before anything
 * that it names is read.
 */
final class DispatchPacketCases {
    private static final Rule RULE = Rule.guide(5,
            "A dispatch beyond the limits of blocks, grids and shared memory, or with a reserved field set, is refused before anything that it names is read");
    private static final int SYSTEM = AqlHeader.SCOPE_SYSTEM;
    private static final int MOST_SHARED = 256 << 10;
    private static final int PAGE = 4096;
    private static final long CODE = 0x20_0000;
    private static final RawKernel NOT_THERE = new RawKernel(Workshop.DEVICE, Workshop.DEVICE + 64);
    private static final Shape ONE = new Shape(3, new int[]{1, 1, 1}, new int[]{1, 1, 1}, 0);

    private DispatchPacketCases() {}

    /**
     * Extents of a dispatch.
     *
     * @param block threads along x, y and z
     * @param grid blocks along x, y and z
     * @param shared dynamic shared memory, bytes
     */
    private record Shape(int dimensions, int[] block, int[] grid, int shared) {
        Shape of(int newDimensions) {
            return new Shape(newDimensions, block, grid, shared);
        }

        Shape withBlock(int... extents) {
            return new Shape(dimensions, extents, grid, shared);
        }

        Shape withGrid(int... extents) {
            return new Shape(dimensions, block, extents, shared);
        }

        Shape withShared(int bytes) {
            return new Shape(dimensions, block, grid, bytes);
        }

        int word() {
            return KernelDispatchPacket.word(false, SYSTEM, SYSTEM, dimensions);
        }

        RawQueue.Body body(RawKernel kernel) {
            return (ring, at) -> {
                KernelDispatchPacket.encodeShape(ring, at, block[0], block[1], block[2], grid[0], grid[1], grid[2], shared);
                KernelDispatchPacket.encodeAddresses(ring, at, kernel.descriptor(), kernel.parameters(), 0);
            };
        }

        @Override
        public String toString() {
            return "%d dimensions, block %s, grid %s, %d bytes shared".formatted(dimensions, text(block), text(grid), shared);
        }

        private static String text(int[] extents) {
            return "%dx%dx%d".formatted(extents[0], extents[1], extents[2]);
        }
    }

    static List<Case> cases() {
        return List.of(Case.of("queues.bad.dispatch", "Every reserved bit of a packet: dispatch", RULE, bench -> refuse(bench, reserved())),
                Case.of("queues.bad.dispatch-extents", "Dispatches at and beyond their limits", RULE, DispatchPacketCases::extents));
    }

    private static void refuse(Bench bench, List<BadPacket> packets) {
        Presence.require(bench, "compute");
        BadPacket.refuse(bench, packets);
    }

    private static List<BadPacket> reserved() {
        SoundPacket sound = new SoundPacket("dispatch", ONE.word(), ONE.body(NOT_THERE),
                List.of(new Zeros(0x0a, Short.BYTES), new Zeros(KernelDispatchPacket.PRIVATE_BYTES_OFFSET, Integer.BYTES),
                        new Zeros(0x30, Long.BYTES)));
        List<BadPacket> all = new ArrayList<>(sound.spoilt());
        for (int bit : new int[]{2, 8, 15}) {
            all.add(sound.or("bit %d of setup".formatted(bit), 1 << Short.SIZE + bit));
        }
        for (int by = 1; by < KernelDescriptor.ALIGNMENT; by *= 2) {
            all.add(sound.with("kernel descriptor %d bytes off".formatted(by), KernelDispatchPacket.KERNEL_OFFSET,
                    NOT_THERE.descriptor() + by));
        }
        for (int by : new int[]{1, 2, 4}) {
            all.add(sound.with("completion signal %d bytes off".formatted(by), KernelDispatchPacket.COMPLETION_SIGNAL_OFFSET,
                    Workshop.SIGNALS + 64 + by));
        }
        return all;
    }

    private static void extents(Bench bench) {
        Presence.require(bench, "compute");
        try (Workshop shop = bench.workshop()) {
            shop.host(0, PAGE);
            RawKernel kernel = RawKernel.place(shop, Kernels.assembled("resets.tix"), "answer", CODE, Workshop.HOST);
            SoundPacket.take(shop,
                    within().stream().map(shape -> SoundPacket.of(shape.toString(), shape.word(), shape.body(kernel))).toList());
        }
        refuse(bench, beyond().stream().map(shape -> new BadPacket(shape.toString(), shape.word(), shape.body(NOT_THERE))).toList());
    }

    private static List<Shape> within() {
        return List.of(ONE, ONE.of(2), ONE.of(1), ONE.of(1).withBlock(1024, 1, 1), ONE.of(2).withBlock(1, 1024, 1),
                ONE.withBlock(1, 1, 128), ONE.withBlock(8, 1, 128), ONE.withBlock(32, 32, 1), ONE.of(1).withGrid(3, 1, 1),
                ONE.of(2).withGrid(2, 3, 1), ONE.withGrid(2, 2, 3), ONE.withShared(MOST_SHARED));
    }

    private static List<Shape> beyond() {
        List<Shape> all = new ArrayList<>();
        IntStream.of(0, 1025, 0xffff).forEach(extent -> {
            all.add(ONE.withBlock(extent, 1, 1));
            all.add(ONE.withBlock(1, extent, 1));
        });
        IntStream.of(0, 129, 0xffff).forEach(extent -> all.add(ONE.withBlock(1, 1, extent)));
        IntStream.of(0, 1 << 31, -1).forEach(extent -> {
            all.add(ONE.withGrid(extent, 1, 1));
            all.add(ONE.withGrid(1, extent, 1));
            all.add(ONE.withGrid(1, 1, extent));
        });
        all.add(ONE.withBlock(1024, 2, 1));
        all.add(ONE.withBlock(2, 1024, 1));
        all.add(ONE.withBlock(1024, 1, 2));
        all.add(ONE.withBlock(32, 32, 2));
        all.add(ONE.withBlock(9, 1, 128));
        all.add(ONE.withBlock(1024, 1024, 128));
        all.add(ONE.of(0));
        all.add(ONE.of(4));
        all.add(ONE.of(1).withBlock(1, 2, 1));
        all.add(ONE.of(1).withBlock(1, 1, 2));
        all.add(ONE.of(1).withGrid(1, 2, 1));
        all.add(ONE.of(1).withGrid(1, 1, 2));
        all.add(ONE.of(2).withBlock(1, 1, 2));
        all.add(ONE.of(2).withGrid(1, 1, 2));
        IntStream.of(MOST_SHARED + 1, 1 << 31, -1).forEach(bytes -> all.add(ONE.withShared(bytes)));
        return all;
    }
}
