package dev.openppu.harness.bringup;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.KernelDispatchPacket;
import dev.openppu.abi.packet.TimestampPacket;
import dev.openppu.abi.packet.WaitValuePacket;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawKernel;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The barrier bit of every kind of packet, behind a copy that takes its time. */
final class BarrierBitCases {
    private static final Rule RULE = Rule.hsaRuntime("2.6.4",
            "A packet with the barrier bit launches when all earlier packets of its queue have completed");
    private static final int BYTES = 1 << 20;
    private static final long CODE = 0x20_0000;
    private static final long PLACE = 0x40_0000;
    private static final int PAGE = 4096;
    private static final int NONE = AqlHeader.SCOPE_NONE;
    private static final int SYSTEM = AqlHeader.SCOPE_SYSTEM;

    private BarrierBitCases() {}

    private enum Kind {
        COPY, FILL, KERNEL, BARRIER_AND, WAIT_VALUE, WRITE_VALUE, TIMESTAMP;

        String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            cases.add(Case.of("queues.barrier-bit." + kind.id(), "The barrier bit of: " + kind.id().replace('-', ' '), RULE,
                    bench -> run(bench, kind)));
        }
        return cases;
    }

    private static void run(Bench bench, Kind kind) {
        Presence.require(bench, "copy");
        if (kind == Kind.KERNEL) {
            Presence.require(bench, "compute");
        }
        try (Workshop shop = bench.workshop()) {
            shop.host(0, BYTES);
            shop.host(PLACE, PAGE);
            shop.device(0, BYTES);
            RawQueue queue = shop.queue();
            long copied = shop.signal(1);
            long done = shop.signal(1);
            queue.put(CopyPacket.word(false, SYSTEM, SYSTEM),
                    (ring, at) -> CopyPacket.encode(ring, at, 0, Workshop.HOST, Workshop.DEVICE, BYTES, copied));
            queue.ring(put(shop, queue, kind, Workshop.HOST + PLACE, done));
            shop.await(done);
            // signals are told in the order of their packets' ends: whoever sees the second has the first
            Check.equal("signal of the copy when the packet with the barrier bit behind it is done", 0L, shop.value(copied));
        }
    }

    private static long put(Workshop shop, RawQueue queue, Kind kind, long place, long signal) {
        return switch (kind) {
            case COPY -> queue.put(CopyPacket.word(true, SYSTEM, SYSTEM),
                    (ring, at) -> CopyPacket.encode(ring, at, 0, place, place + 64, Long.BYTES, signal));
            case FILL -> queue.put(FillPacket.word(true, NONE, SYSTEM), (ring, at) -> FillPacket.encode(ring, at, 4, 1, place, 1, signal));
            case KERNEL -> {
                RawKernel kernel = RawKernel.place(shop, Kernels.assembled("resets.tix"), "answer", CODE, place);
                yield queue.put(KernelDispatchPacket.word(true, SYSTEM, SYSTEM, 1), kernel.dispatch(1, signal));
            }
            case BARRIER_AND -> queue.put(BarrierPacket.andWord(true, NONE, SYSTEM), (ring, at) -> BarrierPacket.encode(ring, at, signal));
            case WAIT_VALUE -> queue.put(WaitValuePacket.word(true, SYSTEM, NONE),
                    (ring, at) -> WaitValuePacket.encode(ring, at, WaitValuePacket.COMPARE_EQUAL, place, 0, signal));
            case WRITE_VALUE -> queue.put(WriteValuePacket.word(true, NONE, SYSTEM),
                    (ring, at) -> WriteValuePacket.encode(ring, at, 0, place, 1, signal));
            case TIMESTAMP -> queue.put(TimestampPacket.word(true, NONE, SYSTEM),
                    (ring, at) -> TimestampPacket.encode(ring, at, place, signal));
        };
    }
}
