package dev.openppu.harness.bringup;

import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.MessageRings;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.util.ArrayList;
import java.util.List;

/** KILL_CONTEXT and SHUTDOWN amid all that a queue can be doing: when they are answered, nothing of it is under way any more. */
final class ContextEndCases {
    private static final Rule KILL = Rule.guide(4,
            "KILL_CONTEXT stops the context's queues and abandons their work, then it is answered: signals of what was taken are -1, w1 is the number of queues stopped");
    private static final Rule SHUTDOWN = Rule.guide(4,
            "SHUTDOWN is answered when all queues have stopped; signals of what was taken are -1");
    private static final long MOVING_NANOS = 1_000_000_000L;
    private static final long QUIET_NANOS = 2_000_000;
    private static final long HALT_NANOS = 1_000_000_000L;
    private static final int PAGE = 4096;
    private static final int VALUE = 0x6b;
    private static final long PLACE = 0x500_0000;
    private static final int WRITE = WriteValuePacket.word(false, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_SYSTEM);

    private ContextEndCases() {}

    static Stage stage() {
        List<Case> cases = new ArrayList<>();
        for (QueueWork work : QueueWork.all()) {
            cases.add(Case.of("firmware.kill-context." + work.id(), "The end of a context amid " + work.title(), KILL,
                    bench -> kill(bench, work)));
        }
        cases.add(Case.of("firmware.kill-context.idle", "The end of a context without work, and of one without queues", KILL,
                ContextEndCases::idle));
        cases.add(Case.of("firmware.kill-context.none", "The end of a context that there is not",
                Rule.guide(4, "A context that the device does not have is answered with status 5, and nothing is stopped"),
                ContextEndCases::none));
        for (String work : List.of("copy-long", "kernel", "burst", "wait-value")) {
            QueueWork amid = QueueWork.named(work);
            cases.add(Case.of("firmware.shutdown." + work, "SHUTDOWN amid " + amid.title(), SHUTDOWN, bench -> shutdown(bench, amid)));
        }
        return new Stage("context-ends", "The end of a context, and of all", cases);
    }

    private static void kill(Bench bench, QueueWork work) {
        Presence.require(bench, work.on().block());
        try (Workshop shop = bench.workshop(); Workshop stranger = shop.beside(); FirmwareTalk talk = FirmwareTalk.begin(bench)) {
            RawQueue idle = shop.queue();
            RawQueue beside = stranger.queue();
            stranger.host(PLACE, PAGE);
            int xids = FaultLog.total(bench);
            ResetOperation.Queued queued = begin(bench, shop, work);
            boolean failed = work.id().equals("page-fault");
            if (failed) {
                queued.queue().awaitError();
            }
            MessageRings.Received reply = talk.ask(MessageStatus.OK, MessageType.KILL_CONTEXT, shop.space().context());
            expectEnded(shop, work, queued, "KILL_CONTEXT is answered");
            Check.equal("queues stopped", failed ? 0L : 2L, reply.words()[1]);
            Check.equal("error of the queue that worked", failed ? QueueError.MEMORY_FAULT : QueueError.CONTEXT_LOST,
                    queued.queue().awaitError());
            Check.equal("error of the queue beside it", QueueError.CONTEXT_LOST, idle.awaitError());
            if (!failed) {
                Check.equal("XIDs since", List.of(), FaultLog.since(bench, xids));
            }
            works(stranger, beside);
            expectSilence(bench, shop, List.of(queued.queue(), idle), "the context's end");
            idle.empty();
            idle.enable();
            shop.host(PLACE, PAGE);
            works(shop, idle);
        } catch (CheckFailedException e) {
            bench.distrust();
            throw e;
        }
    }

    private static void idle(Bench bench) {
        try (Workshop shop = bench.workshop(); FirmwareTalk talk = FirmwareTalk.begin(bench)) {
            Check.equal("queues stopped of a context that has none", 0L,
                    talk.ask(MessageStatus.OK, MessageType.KILL_CONTEXT, shop.space().context()).words()[1]);
            List<RawQueue> queues = List.of(shop.queue(), shop.queue(), shop.queue());
            Check.equal("queues stopped", (long) queues.size(),
                    talk.ask(MessageStatus.OK, MessageType.KILL_CONTEXT, shop.space().context()).words()[1]);
            queues.forEach(queue -> Check.equal("error of queue " + queue.number(), QueueError.CONTEXT_LOST, queue.awaitError()));
            Check.equal("queues stopped once more", 0L,
                    talk.ask(MessageStatus.OK, MessageType.KILL_CONTEXT, shop.space().context()).words()[1]);
        }
    }

    private static void none(Bench bench) {
        try (Workshop shop = bench.workshop(); FirmwareTalk talk = FirmwareTalk.begin(bench)) {
            RawQueue queue = shop.queue();
            shop.host(PLACE, PAGE);
            int context = shop.space().context();
            int contexts = IdRegs.MmuCounts.contexts(bench.registers().id().readMmuCounts());
            for (long absent : new long[]{-1, contexts, contexts + 1, PpuBar0Regs.CONTEXT_COUNT, context + 0x1_0000L,
                context + 0x1_0000_0000L,
                context + Long.MIN_VALUE}) {
                talk.ask(MessageStatus.BAD_ARGUMENT, MessageType.KILL_CONTEXT, absent);
            }
            works(shop, queue);
        }
    }

    private static void shutdown(Bench bench, QueueWork work) {
        Presence.require(bench, work.on().block());
        try (Workshop shop = bench.workshop(); FirmwareTalk talk = FirmwareTalk.begin(bench)) {
            ResetOperation.Queued queued = begin(bench, shop, work);
            talk.ask(MessageStatus.OK, MessageType.SHUTDOWN);
            expectEnded(shop, work, queued, "SHUTDOWN is answered");
            Check.equal("error of the queue", QueueError.CONTEXT_LOST, queued.queue().awaitError());
            expectSilence(bench, shop, List.of(queued.queue()), "the shutdown");
            Check.that(bench.function().poll(() -> bench.bare().boot().state() == BootState.HALTED, HALT_NANOS), "HALTED within 1 s",
                    bench.bare().boot().state().toString());
        } finally {
            bench.distrust();
        }
    }

    /** Begins the work and waits until it moves, or is over. */
    private static ResetOperation.Queued begin(Bench bench, Workshop shop, QueueWork work) {
        ResetOperation.Queued queued = ResetOperation.queued(shop, work);
        queued.work().start().run();
        UnderWay.Stage moving = queued.work().stages().getLast();
        boolean begun = bench.link().runtime().simulated()
                ? awaitClosely(bench, moving)
                : bench.function().poll(() -> moving.reached().getAsBoolean() || queued.work().over().getAsBoolean(), MOVING_NANOS);
        Check.that(begun || !work.endless() || queued.queue().state() == QueueState.WAITING, work.title() + " is under way",
                queued.queue().state().toString());
        return queued;
    }

    /** Looks as fast as the link lets one look: a small copy is soon over. */
    private static boolean awaitClosely(Bench bench, UnderWay.Stage moving) {
        long deadline = bench.link().runtime().deadline(QUIET_NANOS);
        while (!moving.reached().getAsBoolean()) {
            if (bench.link().runtime().nanos() >= deadline) {
                return false;
            }
        }
        return true;
    }

    private static void expectEnded(Workshop shop, QueueWork work, ResetOperation.Queued queued, String when) {
        for (int i = 0; i < queued.signals().size(); i++) {
            long value = shop.value(queued.signals().get(i));
            boolean taken = AqlHeader.type(queued.queue().slot(i)) == AqlHeader.TYPE_INVALID;
            Check.that(taken ? value == Signal.FAILED || value == 0 && !work.endless() : value == 1,
                    "signal %s of packet %d, which was %s, when %s".formatted(taken ? work.endless() ? "-1" : "0 or -1" : "1", i,
                            taken ? "taken" : "not taken", when),
                    Long.toString(value));
        }
    }

    /** Nothing of the context writes any more. */
    private static void expectSilence(Bench bench, Workshop shop, List<RawQueue> queues, String after) {
        OldEpoch old = OldEpoch.seal(shop.memory());
        bench.link().runtime().sleep(QUIET_NANOS);
        queues.forEach(RawQueue::disable);
        old.expectSilence(after);
    }

    private static void works(Workshop shop, RawQueue queue) {
        long done = shop.signal(1);
        queue.submit(WRITE, (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST + PLACE, VALUE, done));
        shop.await(done);
    }
}
