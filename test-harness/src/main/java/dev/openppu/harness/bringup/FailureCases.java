package dev.openppu.harness.bringup;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What a barrier remembers, and what a failed packet means for its own queue and for every other one. */
final class FailureCases {
    private static final int NONE = AqlHeader.SCOPE_NONE;
    private static final int SYSTEM = AqlHeader.SCOPE_SYSTEM;
    private static final int FILL = FillPacket.word(false, NONE, SYSTEM);
    private static final int PAGE = 4096;
    private static final int VECTOR = 9;
    /** Packets before the one that fails. */
    private static final int BEFORE = 3;
    private static final long ARRIVAL_NANOS = 1_000_000_000L;
    /** Of a device that does not count its looks: ten times as long as one may take. */
    private static final long LOOK_NANOS = 20_000_000L;

    /** {@code queue.progress.looks} goes from 1 to 65535 and around. */
    private static final int LOOK_COUNTS = 65535;

    private FailureCases() {}

    static Stage stage() {
        List<Case> cases = new ArrayList<>(BarrierBitCases.cases());
        cases.addAll(BarrierCases.cases());
        cases.addAll(List.of(
                Case.of("queues.barrier-and.one-by-one", "Dependencies that are never met at the same time",
                        Rule.hsaRuntime("2.6.3",
                                "barrier-and: complete when 0 was seen in each dependency, not necessarily at the same time"),
                        FailureCases::oneByOne),
                Case.of("queues.failed.siblings", "Queues of the context, below and above the one that fails",
                        Rule.guide(7,
                                "A failed packet stops every other queue of its context with CONTEXT_LOST; what was taken gets the signal -1"),
                        FailureCases::siblings),
                Case.of("queues.failed.interrupt", "The interrupt of a packet that fails",
                        Rule.guide(5, "The queue's interrupt follows completion signals, a failed packet's -1 too"),
                        FailureCases::interrupt),
                Case.of("queues.failed.enabled-again", "A queue that failed, enabled again",
                        Rule.guide(5, "A queue in error is disabled and enabled again, and is a new one then"),
                        FailureCases::enabledAgain)));
        return new Stage("failures", "What barriers remember and failures mean", cases);
    }

    private static void oneByOne(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            RawQueue queue = shop.queue();
            long first = shop.signal(1);
            long second = shop.signal(1);
            long done = shop.signal(1);
            queue.submit(BarrierPacket.andWord(false, NONE, SYSTEM), (ring, at) -> {
                BarrierPacket.encode(ring, at, done);
                BarrierPacket.dependency(ring, at, 0, first);
                BarrierPacket.dependency(ring, at, 4, second);
            });
            bench.function().poll(() -> queue.state() == QueueState.WAITING, ARRIVAL_NANOS);
            shop.set(first, 0);
            awaitLooks(bench, queue);
            Check.equal("completion signal with one dependency met", 1L, shop.value(done));
            shop.set(first, 1);
            awaitLooks(bench, queue);
            shop.set(second, 0);
            shop.await(done);
        }
    }

    /** Until the device has surely looked at memory after the call: the look that is under way may have begun before it. */
    private static void awaitLooks(Bench bench, RawQueue queue) {
        long before = QueueRegs.Progress.looks(queue.registers().readProgress());
        if (before == 0) {
            bench.link().runtime().sleep(LOOK_NANOS);
            return;
        }
        boolean looked = bench.function().poll(
                () -> Math.floorMod(QueueRegs.Progress.looks(queue.registers().readProgress()) - before, LOOK_COUNTS) >= 2, ARRIVAL_NANOS);
        Check.that(looked, "queue.progress.looks counts at least 500 times a second", "it stays at " + before);
    }

    private static void siblings(Bench bench) {
        try (Workshop shop = bench.workshop(); Workshop beside = shop.beside()) {
            List<RawQueue> queues = Stream.<RawQueue>generate(shop::queue).limit(3).sorted(Comparator.comparingInt(RawQueue::number))
                    .toList();
            RawQueue stranger = beside.queue();
            long never = shop.signal(1);
            List<Long> held = List.of(shop.signal(1), shop.signal(1));
            for (int i = 0; i < held.size(); i++) {
                RawQueue sibling = queues.get(2 * i);
                long done = held.get(i);
                sibling.submit(BarrierPacket.andWord(false, NONE, SYSTEM), (ring, at) -> {
                    BarrierPacket.encode(ring, at, done);
                    BarrierPacket.dependency(ring, at, 0, never);
                });
                Check.that(bench.function().poll(() -> sibling.state() == QueueState.WAITING, ARRIVAL_NANOS),
                        "queue %d waits".formatted(sibling.number()), sibling.state().toString());
            }
            long failed = fail(shop, queues.get(1));
            Check.equal("signal of the packet that failed", Signal.FAILED, shop.awaitEnd(failed));
            Check.equal("error of queue %d, whose packet failed".formatted(queues.get(1).number()), QueueError.MEMORY_FAULT,
                    queues.get(1).awaitError());
            for (int i = 0; i < held.size(); i++) {
                RawQueue sibling = queues.get(2 * i);
                Check.equal("error of queue %d when queue %d of its context has failed".formatted(sibling.number(),
                        queues.get(1).number()), QueueError.CONTEXT_LOST, sibling.awaitError());
                Check.equal("signal of what queue %d held".formatted(sibling.number()), Signal.FAILED, shop.awaitEnd(held.get(i)));
            }
            Check.that(stranger.state() != QueueState.ERROR, "queue %d of another context goes on".formatted(stranger.number()),
                    stranger.state().toString());
        }
    }

    private static void interrupt(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            Interrupts interrupts = bench.enabledInterrupts();
            RawQueue queue = shop.queue(RawQueue.Settings.of(4).withVector(VECTOR));
            long before = interrupts.delivered(VECTOR);
            long signal = fail(shop, queue);
            Check.equal("signal of the packet that failed", Signal.FAILED, shop.awaitEnd(signal));
            Check.that(bench.link().runtime().await(() -> interrupts.delivered(VECTOR) > before,
                    bench.link().runtime().deadline(ARRIVAL_NANOS)), "an interrupt on vector %d after the signal -1".formatted(VECTOR),
                    "none");
        }
    }

    private static void enabledAgain(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            shop.host(0, PAGE);
            RawQueue queue = shop.queue();
            for (int i = 0; i < BEFORE; i++) {
                write(shop, queue);
            }
            long signal = fail(shop, queue);
            Check.equal("signal of the packet that failed", Signal.FAILED, shop.awaitEnd(signal));
            Check.equal("queue error", QueueError.MEMORY_FAULT, queue.awaitError());
            Check.equal("queue.error_packet", (long) BEFORE, queue.registers().readErrorPacket());
            Check.hex("queue.error_address", Workshop.DEVICE, queue.registers().readErrorAddress());
            queue.disable();
            queue.empty();
            queue.enable();
            Check.equal("queue.status.error when it is enabled again", QueueError.NONE, queue.error());
            Check.equal("queue.error_packet when it is enabled again", 0L, queue.registers().readErrorPacket());
            Check.hex("queue.error_address when it is enabled again", 0, queue.registers().readErrorAddress());
            write(shop, queue);
            Check.equal("queue.read_index", 1L, queue.registers().readReadIndex());
        }
    }

    private static void write(Workshop shop, RawQueue queue) {
        long signal = shop.signal(1);
        queue.submit(WriteValuePacket.word(false, NONE, SYSTEM),
                (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST, 1, signal));
        shop.await(signal);
    }

    /** A fill to where nothing is mapped; returns its signal. */
    private static long fail(Workshop shop, RawQueue queue) {
        long signal = shop.signal(1);
        queue.submit(FILL, (ring, at) -> FillPacket.encode(ring, at, 4, 1, Workshop.DEVICE, 16, signal));
        return signal;
    }
}
