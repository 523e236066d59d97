package dev.openppu.harness.bringup;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.ScatterGatherEntry;
import dev.openppu.abi.packet.WaitValuePacket;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.harness.bench.RawKernel;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Work that a queue has been given when a reset meets it.
 *
 * @param on where it is done
 * @param endless it waits, or runs, until a reset
 */
record QueueWork(String id, String title, Place on, boolean endless, Submission submission) {
    static final int LARGE = 1 << 20;

    private static final int SMALL = 64;
    private static final int PIECES = 64;
    private static final int PIECE = 4096;
    /** 64 of them keep an engine of the model busy for 180 us; it takes 20 to 40 to reset it. */
    private static final int LONG_PIECE = 128 << 10;
    private static final int BURST = 48;
    /** Beside the buffers that begin at the area's start. */
    private static final long LIST = 0x200_0000;
    private static final long CODE = 0x300_0000;
    /** Nothing is mapped there. */
    private static final long NOWHERE = 0x70_0000_0000L;
    private static final int SYSTEM = AqlHeader.SCOPE_SYSTEM;
    private static final int COPY = CopyPacket.word(false, SYSTEM, SYSTEM);

    /** What does the work. */
    enum Place {
        COPY_ENGINE("copy"), COMPUTE("compute"), COMMAND_PROCESSOR("queue");

        private final String block;

        Place(String block) {
            this.block = block;
        }

        /** Of the register map, as {@link Presence} knows it. */
        String block() {
            return block;
        }
    }

    /** Puts packets into a queue without ringing, and tells their signals, in order. */
    @FunctionalInterface
    interface Submission {
        List<Long> put(Workshop shop, RawQueue queue);
    }

    static QueueWork named(String id) {
        return all().stream().filter(work -> work.id().equals(id)).findFirst().orElseThrow();
    }

    static List<QueueWork> all() {
        return List.of(
                copy("copy-small-to-device", "a small copy to the device", SMALL, true),
                copy("copy-small-to-host", "a small copy to the host", SMALL, false),
                copy("copy-large-to-device", "a large copy to the device", LARGE, true),
                copy("copy-large-to-host", "a large copy to the host", LARGE, false),
                new QueueWork("copy-list", "a copy of many pieces", Place.COPY_ENGINE, false,
                        (shop, queue) -> list(shop, queue, PIECE, PIECE)),
                new QueueWork("copy-long", "a copy that is longer than a reset", Place.COPY_ENGINE, false,
                        (shop, queue) -> list(shop, queue, LONG_PIECE, 0)),
                new QueueWork("fill", "a fill", Place.COPY_ENGINE, false, (shop, queue) -> {
                    shop.host(0, LARGE);
                    return put(shop, queue, FillPacket.word(false, AqlHeader.SCOPE_NONE, SYSTEM),
                            signal -> (ring, at) -> FillPacket.encode(ring, at, 4, 0x1234_5678, Workshop.HOST, LARGE / 4, signal));
                }),
                new QueueWork("kernel", "a kernel", Place.COMPUTE, true, (shop, queue) -> {
                    shop.host(0, PIECE);
                    RawKernel kernel = RawKernel.place(shop, Kernels.assembled("resets.tix"), "scribble", CODE, Workshop.HOST);
                    return put(shop, queue, RawKernel.word(), signal -> kernel.dispatch(2, signal));
                }),
                new QueueWork("burst", "many packets in the ring", Place.COPY_ENGINE, false, QueueWork::burst),
                new QueueWork("wait-value", "a wait for a value that never comes", Place.COMMAND_PROCESSOR, true, (shop, queue) -> {
                    shop.host(0, PIECE);
                    return put(shop, queue, WaitValuePacket.word(false, SYSTEM, AqlHeader.SCOPE_NONE),
                            signal -> (ring, at) -> WaitValuePacket.encode(ring, at, WaitValuePacket.COMPARE_AND, Workshop.HOST, -1,
                                    signal));
                }),
                new QueueWork("barrier", "a wait for a signal that never comes", Place.COMMAND_PROCESSOR, true, (shop, queue) -> {
                    long never = shop.signal(1);
                    return put(shop, queue, BarrierPacket.andWord(false, AqlHeader.SCOPE_NONE, SYSTEM), signal -> (ring, at) -> {
                        BarrierPacket.encode(ring, at, signal);
                        BarrierPacket.dependency(ring, at, 0, never);
                    });
                }),
                new QueueWork("page-fault", "a page fault", Place.COPY_ENGINE, false,
                        (shop, queue) -> put(shop, queue, FillPacket.word(false, AqlHeader.SCOPE_NONE, SYSTEM),
                                signal -> (ring, at) -> FillPacket.encode(ring, at, 4, 1, NOWHERE, 16, signal))));
    }

    private static QueueWork copy(String id, String title, int bytes, boolean toDevice) {
        return new QueueWork(id, title, Place.COPY_ENGINE, false, (shop, queue) -> {
            shop.host(0, bytes);
            shop.device(0, bytes);
            long from = toDevice ? Workshop.HOST : Workshop.DEVICE;
            long to = toDevice ? Workshop.DEVICE : Workshop.HOST;
            return put(shop, queue, COPY, signal -> (ring, at) -> CopyPacket.encode(ring, at, 0, from, to, bytes, signal));
        });
    }

    /** @param apart bytes between the begins of two pieces: 0 if one is copied over the other */
    private static List<Long> list(Workshop shop, RawQueue queue, int piece, long apart) {
        shop.host(0, (PIECES - 1) * apart + piece);
        shop.device(0, (PIECES - 1) * apart + piece);
        MemorySegment list = shop.host(LIST, (long) PIECES * ScatterGatherEntry.BYTES).memory();
        for (int i = 0; i < PIECES; i++) {
            long offset = i * apart;
            ScatterGatherEntry.encode(list, (long) i * ScatterGatherEntry.BYTES, Workshop.DEVICE + offset, Workshop.HOST + offset, piece);
        }
        return put(shop, queue, COPY,
                signal -> (ring, at) -> CopyPacket.encode(ring, at, CopyPacket.FLAG_SCATTER_GATHER, Workshop.HOST + LIST, 0, PIECES,
                        signal));
    }

    /** Copies and stores in turn, each with a signal of its own. */
    private static List<Long> burst(Workshop shop, RawQueue queue) {
        shop.host(0, (long) BURST * PIECE);
        shop.device(0, PIECE);
        List<Long> signals = new ArrayList<>();
        for (int i = 0; i < BURST; i++) {
            long place = Workshop.HOST + (long) i * PIECE;
            signals.addAll(i % 2 == 0
                    ? put(shop, queue, COPY, signal -> (ring, at) -> CopyPacket.encode(ring, at, 0, Workshop.DEVICE, place, PIECE, signal))
                    : put(shop, queue, WriteValuePacket.word(false, AqlHeader.SCOPE_NONE, SYSTEM),
                            signal -> (ring, at) -> WriteValuePacket.encode(ring, at, 0, place, 7, signal)));
        }
        return signals;
    }

    private static List<Long> put(Workshop shop, RawQueue queue, int word, java.util.function.LongFunction<RawQueue.Body> body) {
        long signal = shop.signal(1);
        queue.put(word, body.apply(signal));
        return List.of(signal);
    }
}
