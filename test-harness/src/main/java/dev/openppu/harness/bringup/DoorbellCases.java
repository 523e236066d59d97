package dev.openppu.harness.bringup;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.packet.WaitValuePacket;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** What a queue makes of its doorbell, and what it counts. */
final class DoorbellCases {
    private static final int WRITE = WriteValuePacket.word(false, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_SYSTEM);
    private static final int WAIT = WaitValuePacket.word(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_NONE);
    private static final int PAGE = 4096;
    private static final long END_NANOS = 1_000_000_000L;

    private DoorbellCases() {}

    static List<Case> cases() {
        return List.of(
                Case.of("queues.doorbell-twice", "The same doorbell again",
                        Rule.guide(5, "On a single-producer queue only a value below the last one stops the queue"), DoorbellCases::twice),
                Case.of("queues.progress", "What a queue counts",
                        Rule.guide(5, "queue.progress.count counts packets when they are taken and when they have completed"),
                        DoorbellCases::progress));
    }

    /** Once more while the packet may be under way, and once more when it has completed. */
    private static void twice(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            shop.host(0, PAGE);
            RawQueue queue = shop.queue();
            for (int packet = 0; packet < 4; packet++) {
                long done = shop.signal(1);
                long index = queue.submit(WRITE, (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST, 1, done));
                queue.ring(index);
                shop.await(done);
                queue.ring(index);
                Check.that(queue.state() != QueueState.ERROR, "a queue that goes on after doorbell %d came again".formatted(index),
                        "an error: " + queue.error());
            }
        }
    }

    private static void progress(Bench bench) {
        int packets = 5;
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, PAGE).memory();
            RawQueue queue = shop.queue();
            long waited = shop.signal(1);
            expect(bench, queue, "before the first packet", 0);
            queue.submit(WAIT, (ring, at) -> WaitValuePacket.encode(ring, at, WaitValuePacket.COMPARE_EQUAL, Workshop.HOST, 1, waited));
            expect(bench, queue, "with a packet taken that waits", 1);
            Signal.publish(host, 0, 1);
            bench.link().runtime().wake();
            shop.await(waited);
            expect(bench, queue, "when it has completed", 2);
            long done = shop.signal(packets);
            for (int i = 0; i < packets; i++) {
                queue.submit(WRITE, (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST, 1, done));
            }
            shop.await(done);
            expect(bench, queue, "after %d more packets".formatted(packets), 2 + 2 * packets);
        }
    }

    private static void expect(Bench bench, RawQueue queue, String when, int count) {
        bench.function().poll(() -> count(queue) == count, END_NANOS);
        Check.equal("queue.progress.count " + when, (long) count, count(queue));
    }

    private static long count(RawQueue queue) {
        return QueueRegs.Progress.count(queue.registers().readProgress());
    }
}
