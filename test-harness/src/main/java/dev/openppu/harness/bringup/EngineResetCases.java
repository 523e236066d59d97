package dev.openppu.harness.bringup;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.packet.WaitValuePacket;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.abi.reg.EngineResetRegs;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Resets of a queue and of engines amid all that a queue can be doing: what is lost, what is not, and that all of it works afterwards. */
final class EngineResetCases {
    private static final Rule QUEUE = Rule.guide(5,
            "A reset of a queue abandons what was taken with signal -1, leaves what is in the ring, and disturbs no other queue");
    private static final Rule ENGINE = Rule.guide(5,
            "A reset of an engine loses its work with signal -1 and stops its queues with RESET and no XID; other work goes on");
    private static final long RESET_NANOS = 2_000_000_000L;
    private static final long QUIET_NANOS = 2_000_000;
    private static final int VALUE = 7;
    private static final int SYSTEM = AqlHeader.SCOPE_SYSTEM;
    /** Of the queue beside, in the same offsets of either space. */
    private static final long BESIDE = 0x400_0000;
    private static final int PAGE = 4096;

    private final Kind kind;
    private final QueueWork work;
    private final SuiteSettings settings;

    private EngineResetCases(Kind kind, QueueWork work, SuiteSettings settings) {
        this.kind = kind;
        this.work = work;
        this.settings = settings;
    }

    /** What is reset. */
    private enum Kind {
        QUEUE, COPY_ENGINES, COMPUTE;

        boolean of(QueueWork work) {
            return switch (this) {
                case QUEUE -> true;
                case COPY_ENGINES -> work.on() == QueueWork.Place.COPY_ENGINE;
                case COMPUTE -> work.on() == QueueWork.Place.COMPUTE;
            };
        }
    }

    static Stage stage(SuiteSettings settings) {
        List<Case> cases = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            String name = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
            for (QueueWork work : QueueWork.all()) {
                EngineResetCases each = new EngineResetCases(kind, work, settings);
                cases.add(Case.of("reset.%s.%s".formatted(name, work.id()), "Reset of the %s amid %s".formatted(name.replace('-', ' '),
                        work.title()), kind == Kind.QUEUE ? QUEUE : ENGINE, each::run));
            }
        }
        return new Stage("engine-resets", "Resets of queues and engines amid their work", cases);
    }

    private void run(Bench bench) {
        Presence.require(bench, work.on().block());
        if (kind != Kind.QUEUE) {
            Presence.require(bench, kind == Kind.COMPUTE ? "compute" : "copy");
        }
        Moment.strikeAtEach(bench, () -> moments(bench), moment -> strike(bench, moment));
    }

    private List<Moment> moments(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            UnderWay measured = ResetOperation.queued(shop, work).work();
            long duration = Moment.measure(bench.link().runtime(), measured);
            Check.that(duration >= 0, work.title() + " ends by itself", "it does not");
            List<Moment> all = Moment.around(bench.link().runtime(), measured.stages(), duration, settings.thorough());
            return settings.thorough() ? all : Moment.sample(all, (work.id() + kind.name()).hashCode() + (int) settings.seed());
        }
    }

    private boolean strike(Bench bench, Moment moment) {
        try (Workshop shop = bench.workshop(); Workshop stranger = shop.beside()) {
            try {
                return strike(bench, moment, shop, stranger);
            } catch (CheckFailedException e) {
                bench.function().resetMildly(); // a queue whose work is endless could not be closed
                throw e;
            }
        }
    }

    private boolean strike(Bench bench, Moment moment, Workshop shop, Workshop stranger) {
        String reset = "a reset " + moment.name();
        ResetOperation.Queued queued = ResetOperation.queued(shop, work);
        // A queue that fails takes the other queues of its context with it, and so does an engine's reset.
        Beside beside = new Beside(faults() || kind != Kind.QUEUE ? stranger : shop);
        int xids = FaultLog.total(bench);
        bench.registers().interrupts().writeRaw(InterruptsRegs.Raw.ENGINE_RESET_MASK);
        queued.work().start().run();
        boolean seen = moment.await().test(queued.work());
        request(bench, queued.queue());
        expectCause(bench, reset);
        boolean ended = expectSignals(shop, queued, reset);
        if (!faults()) {
            Check.equal("XIDs since " + reset, List.of(), FaultLog.since(bench, xids));
        }
        beside.expectGoesOn(reset);
        if (ended) {
            expectSilence(bench, shop, queued, beside, reset);
        }
        worksAgain(bench, shop, queued.queue(), reset);
        return seen;
    }

    // ---- the reset

    private void request(Bench bench, RawQueue queue) {
        if (kind == Kind.QUEUE) {
            queue.reset();
            int status = queue.registers().readStatus();
            Check.equal("queue.status.reset_failed", false, QueueRegs.Status.resetFailed(status));
            Check.equal("queue.status.state after a reset of the queue", QueueState.DISABLED, queue.state());
            Check.equal("queue.control.enable after a reset of the queue", false,
                    QueueRegs.Control.enable(queue.registers().readControl()));
            Check.equal("queue.read_index after a reset of the queue", 0L, queue.registers().readReadIndex());
            return;
        }
        EngineResetRegs engines = bench.registers().engineReset();
        int before = engines.readDone();
        int copies = IdRegs.Counts.copyEngines(bench.registers().id().readCounts());
        int wanted = kind == Kind.COMPUTE ? EngineResetRegs.Request.COMPUTE_MASK : (1 << copies) - 1;
        engines.writeRequest(wanted);
        if (!bench.function().poll(() -> EngineResetRegs.Status.busy(engines.readStatus()) == 0, RESET_NANOS)) {
            throw new CheckFailedException("engine_reset.status.busy = 0 within 2 s", "0x%x".formatted(engines.readStatus()));
        }
        Check.equal("engine_reset.status.failed", 0, EngineResetRegs.Status.failed(engines.readStatus()));
        Check.equal("engine_reset.done", before + Integer.bitCount(wanted), engines.readDone());
    }

    private static void expectCause(Bench bench, String reset) {
        int raw = bench.registers().interrupts().readRaw();
        Check.that(InterruptsRegs.Raw.engineReset(raw), "interrupts.raw.engine_reset after " + reset, "0x%x".formatted(raw));
    }

    // ---- what is lost and what is not

    /** Returns whether the queue's work has come to an end. */
    private boolean expectSignals(Workshop shop, ResetOperation.Queued queued, String reset) {
        if (kind == Kind.QUEUE) {
            expectLost(shop, queued, reset);
            return true;
        }
        RawQueue queue = queued.queue();
        if (kind.of(work) && queue.state() == QueueState.ERROR) {
            expectLost(shop, queued, reset);
            Check.equal("error of the queue whose work was lost by " + reset, faults() ? QueueError.MEMORY_FAULT : QueueError.RESET,
                    queue.error());
            return true;
        }
        // Work of another engine, or work that had not come to its engine yet, or was over.
        for (int i = 0; i < queued.signals().size(); i++) {
            long signal = queued.signals().get(i);
            if (work.endless()) {
                Check.equal("signal of packet %d, which was not lost, after %s".formatted(i, reset), 1L, shop.value(signal));
            } else {
                Check.equal("signal of packet %d, which was not lost, after %s".formatted(i, reset), faults() ? Signal.FAILED : 0L,
                        shop.awaitEnd(signal));
            }
        }
        return !work.endless();
    }

    private void expectLost(Workshop shop, ResetOperation.Queued queued, String reset) {
        for (int i = 0; i < queued.signals().size(); i++) {
            long value = shop.value(queued.signals().get(i));
            boolean taken = AqlHeader.type(queued.queue().slot(i)) == AqlHeader.TYPE_INVALID;
            Check.that(taken ? value == Signal.FAILED || value == 0 && !work.endless() : value == 1,
                    "signal %s of packet %d, which was %s, after %s".formatted(taken ? work.endless() ? "-1" : "0 or -1" : "1", i,
                            taken ? "taken" : "not taken", reset),
                    Long.toString(value));
        }
    }

    private boolean faults() {
        return work.id().equals("page-fault");
    }

    /** Nothing of what was lost writes any more. */
    private static void expectSilence(Bench bench, Workshop shop, ResetOperation.Queued queued, Beside beside, String reset) {
        queued.queue().disable();
        beside.queue.disable();
        OldEpoch old = OldEpoch.seal(shop.memory());
        bench.link().runtime().sleep(QUIET_NANOS);
        old.expectSilence(reset);
    }

    private void worksAgain(Bench bench, Workshop shop, RawQueue queue, String reset) {
        if (queue.state() != QueueState.DISABLED) {
            queue.reset(); // what goes on for ever would do so
        }
        MemorySegment place = shop.host(2 * BESIDE, PAGE).memory();
        queue.empty();
        queue.enable();
        long done = shop.signal(1);
        queue.submit(WriteValuePacket.word(false, AqlHeader.SCOPE_NONE, SYSTEM),
                (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST + 2 * BESIDE, VALUE, done));
        shop.await(done);
        Check.equal("a value written by the queue after " + reset, VALUE, place.get(ValueLayout.JAVA_INT, 0));
        if (Presence.present(bench, "copy")) {
            long copied = shop.signal(1);
            queue.submit(CopyPacket.word(true, SYSTEM, SYSTEM), (ring, at) -> CopyPacket.encode(ring, at, 0, Workshop.HOST + 2 * BESIDE,
                    Workshop.HOST + 2 * BESIDE + 64, Integer.BYTES, copied));
            shop.await(copied);
            Check.equal("a value copied by the queue after " + reset, VALUE, place.get(ValueLayout.JAVA_INT, 64));
        }
    }

    /** A queue beside the one that is reset, in the middle of a wait. */
    private static final class Beside {
        private final Workshop shop;
        private final MemorySegment flag;
        private final RawQueue queue;
        private final long done;

        Beside(Workshop shop) {
            this.shop = shop;
            this.flag = shop.host(BESIDE, PAGE).memory();
            this.queue = shop.queue(RawQueue.Settings.of(4));
            this.done = shop.signal(2);
            queue.put(WaitValuePacket.word(false, SYSTEM, AqlHeader.SCOPE_NONE),
                    (ring, at) -> WaitValuePacket.encode(ring, at, WaitValuePacket.COMPARE_EQUAL, Workshop.HOST + BESIDE, VALUE, done));
            queue.put(WriteValuePacket.word(false, AqlHeader.SCOPE_NONE, SYSTEM),
                    (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST + BESIDE + 64, VALUE, done));
            queue.ring(1);
        }

        void expectGoesOn(String reset) {
            Check.equal("signal of a queue beside that waits, after " + reset, 2L, shop.value(done));
            Signal.publish(flag, 0, VALUE);
            shop.bench().link().runtime().wake();
            shop.await(done);
            Check.equal("a value written by a queue beside after " + reset, VALUE, flag.get(ValueLayout.JAVA_INT, 64));
        }
    }
}
