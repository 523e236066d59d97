package dev.openppu.harness.bringup;

import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.abi.reg.InterruptsRegs.Raw;
import dev.openppu.abi.reg.MemoryRegs;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.PowerRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.hal.Observable;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.Rule;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.Stage;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.bench.BareDevice;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.MessageRings;
import dev.openppu.harness.bench.Messages;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.util.ArrayList;
import java.util.List;

/** The device's own causes, which share vector 0: each made to happen, then masked, shared, repeated, stormed, and taken back for nothing. */
final class CauseCases {
    private static final long CAUSE_NANOS = 1_000_000_000L;
    private static final int NONE = AqlHeader.SCOPE_NONE;
    private static final long NOT_MAPPED = 1L << 41;
    private static final int NO_TYPE = 7;
    private static final int ALL = -1;
    private static final int SPURIOUS_ROUNDS = 16;
    private static final int STORM = 256;
    private static final int LONG_STORM = 20_000;
    private static final Rule LEVEL = Rule.guide(2,
            "A cause sets its bit of raw; a message goes out whenever a bit of status, which is raw and enable, goes from 0 to 1; ones clear raw");

    private CauseCases() {}

    /** Makes a cause happen; what it waits for is the device's side alone. */
    @FunctionalInterface
    private interface Provocation {
        void in(Bench bench) throws Exception;
    }

    static Stage stage(SuiteSettings settings) {
        List<Case> cases = new ArrayList<>(List.of(
                cause("error", Raw.ERROR_MASK, "error_log", CauseCases::error),
                cause("boot", Raw.BOOT_MASK, "boot", CauseCases::refusedImage),
                cause("fw-event", Raw.FW_EVENT_MASK, "fw", CauseCases::message),
                cause("mmu-fault", Raw.MMU_FAULT_MASK, "mmu", CauseCases::pageFault),
                cause("queue-error", Raw.QUEUE_ERROR_MASK, "queue", CauseCases::badPacket),
                cause("scrub-done", Raw.SCRUB_DONE_MASK, "memory", CauseCases::scrub),
                cause("engine-reset", Raw.ENGINE_RESET_MASK, "queue", CauseCases::queueReset),
                cause("throttle", Raw.THROTTLE_MASK, "power", CauseCases::slower)));
        cases.addAll(List.of(
                Case.of("interrupts.shared", "Two causes on vector 0", LEVEL, CauseCases::shared),
                Case.of("interrupts.enable-at-once", "Two causes enabled while they are raised", LEVEL, CauseCases::enabledAtOnce),
                Case.of("interrupts.raw-bits", "Clearing raw, bit by bit",
                        Rule.map("interrupts.raw: ones clear, zeros and other bits do not"),
                        CauseCases::rawBits),
                Case.of("interrupts.spurious", "Taking back what never came",
                        Rule.map("Ones to raw without a cause, and writes to status, change nothing and send nothing"),
                        CauseCases::spurious),
                Case.of("interrupts.storm.unanswered", "Many events that nobody answers", LEVEL,
                        bench -> unanswered(bench, size(settings))),
                Case.of("interrupts.storm.answered", "Many events, each answered", LEVEL, bench -> answered(bench, size(settings))),
                Case.of("interrupts.storm.forced", "Many messages on all vectors",
                        Rule.map("interrupts.force sends one message for each write, and interrupts.sent counts it"), CauseCases::forced),
                Case.of("interrupts.no-vector", "Vectors that there are not",
                        Rule.guide(2, "A message for a vector that the device does not have is not sent, and nothing else happens"),
                        CauseCases::noVector),
                Case.of("interrupts.masked-cause", "Causes while vector 0 is masked",
                        Rule.pcie("7.7.2.9", "What rises while vector 0 is masked is one message once it is unmasked"),
                        CauseCases::maskedCause)
                        .needing(Observable.MSIX_MASKING)));
        return new Stage("causes", "Causes of vector 0", cases);
    }

    private static int size(SuiteSettings settings) {
        return settings.thorough() ? LONG_STORM : STORM;
    }

    private static Case cause(String id, int bit, String block, Provocation provocation) {
        return Case.of("interrupts.cause." + id, "Cause " + id + ": raised, masked, enabled, cleared, raised again", LEVEL, bench -> {
            Presence.require(bench, block);
            each(bench, bit, provocation);
        });
    }

    private static void each(Bench bench, int bit, Provocation provocation) throws Exception {
        try (Line line = new Line(bench, bit == Raw.BOOT_MASK)) {
            long before = line.delivered();
            provocation.in(bench);
            line.awaitRaw(bit);
            line.messages.settle();
            Check.hex("interrupts.status of a cause that is not enabled", 0, line.registers.readStatus());
            Check.equal("messages of a cause that is not enabled", before, line.delivered());
            line.enable(bit);
            line.await(before + 1);
            Check.hex("interrupts.status", bit, line.registers.readStatus());
            line.messages.settle();
            Check.equal("messages once it is enabled", before + 1, line.delivered());
            line.clear(bit);
            Check.hex("interrupts.status after a one to raw", 0, line.registers.readStatus());
            provocation.in(bench);
            line.awaitRaw(bit);
            line.await(before + 2);
        }
    }

    // ---------------------------------------------------------------- how causes come about

    /** An access outside the map; the firmware logs it a little later. */
    static void error(Bench bench) {
        Presence.require(bench, "error_log");
        int before = FaultLog.total(bench);
        bench.forbidden().readReserved();
        if (!bench.function().poll(() -> FaultLog.total(bench) != before, CAUSE_NANOS)) {
            throw new CheckFailedException("an entry in the error log within 1 s", "none");
        }
    }

    /** An image of no bytes, refused. */
    private static void refusedImage(Bench bench) {
        BootRegs boot = bench.registers().boot();
        if (!bench.function().poll(() -> BootRegs.Status.state(boot.readStatus()) == BootState.ROM_READY.value(), CAUSE_NANOS)) {
            throw new CheckFailedException("boot.status.state = ROM_READY", Integer.toString(BootRegs.Status.state(boot.readStatus())));
        }
        boot.writeImageSize(0);
        boot.writeCommand(BootRegs.Command.withStart(0, true));
    }

    private static void message(Bench bench) {
        Presence.requireFirmware(bench);
        try (MessageRings rings = new MessageRings(bench.link(), bench.function(), bench.registers().fw(), 4)) {
            rings.replyTo(rings.send(MessageType.HELLO.code(), 1, 1, 0));
        }
    }

    private static void pageFault(Bench bench) {
        Presence.requireFirmware(bench);
        try (Workshop shop = bench.workshop()) {
            MmuRegs mmu = bench.registers().mmu();
            mmu.writeFaultStatus(MmuRegs.FaultStatus.withValid(0, true));
            RawQueue queue = shop.queue();
            queue.submit(FillPacket.word(false, NONE, NONE), (ring, at) -> FillPacket.encode(ring, at, 4, 0, NOT_MAPPED, 1, 0));
            queue.awaitError();
        }
    }

    private static void badPacket(Bench bench) {
        Presence.requireFirmware(bench);
        try (Workshop shop = bench.workshop()) {
            RawQueue queue = shop.queue();
            queue.submit(NO_TYPE, (ring, at) -> FillPacket.encode(ring, at, 4, 0, NOT_MAPPED, 1, 0));
            queue.awaitError();
        }
    }

    private static void scrub(Bench bench) {
        MemoryRegs memory = bench.registers().memory();
        if (!Presence.scrubs(bench)) {
            throw new SkippedException("id.capabilities says that there is no scrubber");
        }
        memory.writeScrubFirst(0);
        memory.writeScrubLast(0xFFF);
        memory.writeScrub(MemoryRegs.Scrub.withStart(0, true));
    }

    private static void queueReset(Bench bench) {
        Presence.requireFirmware(bench);
        try (Workshop shop = bench.workshop()) {
            QueueRegs queue = shop.queue().registers();
            queue.writeControl(QueueRegs.Control.withReset(queue.readControl(), true));
            if (!bench.function().poll(() -> !QueueRegs.Status.resetting(queue.readStatus()), CAUSE_NANOS)) {
                throw new CheckFailedException("queue.status.resetting = 0 within 1 s", "1");
            }
        }
    }

    /** Applications clocks come and go: power.throttle changes. */
    private static void slower(Bench bench) {
        PowerRegs power = bench.registers().power();
        boolean lowered = PowerRegs.Applications.units(power.readApplications()) != 0;
        power.writeApplications(lowered ? 0 : PowerRegs.Applications.withUnits(0, 1));
    }

    // ---------------------------------------------------------------- several at a time

    private static void shared(Bench bench) throws Exception {
        try (Line line = new Line(bench, false)) {
            int both = Raw.ERROR_MASK | Raw.ENGINE_RESET_MASK;
            line.enable(both);
            long before = line.delivered();
            error(bench);
            line.await(before + 1);
            queueReset(bench);
            line.await(before + 2);
            Check.hex("interrupts.status", both, line.registers.readStatus());
            error(bench);
            line.messages.settle();
            Check.equal("messages after a cause that is still raised has come again", before + 2, line.delivered());
            line.clear(Raw.ERROR_MASK);
            Check.hex("interrupts.status after one of two was cleared", Raw.ENGINE_RESET_MASK, line.registers.readStatus());
            error(bench);
            line.await(before + 3);
            line.clear(both);
            Check.hex("interrupts.status after both were cleared", 0, line.registers.readStatus());
        }
    }

    private static void enabledAtOnce(Bench bench) throws Exception {
        try (Line line = new Line(bench, false)) {
            int both = Raw.ERROR_MASK | Raw.ENGINE_RESET_MASK;
            long before = line.delivered();
            error(bench);
            queueReset(bench);
            line.enable(both);
            line.await(before + 1);
            line.messages.settle();
            Check.equal("messages for two that are enabled at once", before + 1, line.delivered());
            line.enable(0);
            Check.hex("interrupts.status with nothing enabled", 0, line.registers.readStatus());
            Check.hex("interrupts.raw with nothing enabled", both, line.registers.readRaw() & both);
            line.enable(Raw.ERROR_MASK);
            line.await(before + 2);
            line.enable(both);
            line.await(before + 3);
        }
    }

    private static void rawBits(Bench bench) throws Exception {
        try (Line line = new Line(bench, false)) {
            int both = Raw.ERROR_MASK | Raw.ENGINE_RESET_MASK;
            error(bench);
            queueReset(bench);
            line.clear(0);
            Check.hex("interrupts.raw after a write of 0", both, line.registers.readRaw() & both);
            line.clear(ALL & ~both);
            Check.hex("interrupts.raw after ones to all other bits", both, line.registers.readRaw() & both);
            line.clear(Raw.ENGINE_RESET_MASK);
            Check.hex("interrupts.raw after a one to engine_reset", Raw.ERROR_MASK, line.registers.readRaw() & both);
        }
    }

    private static void spurious(Bench bench) {
        try (Line line = new Line(bench, false)) {
            line.enable(Raw.ERROR_MASK | Raw.QUEUE_ERROR_MASK | Raw.ENGINE_RESET_MASK);
            long before = line.delivered();
            int sent = line.registers.readSent();
            for (int i = 0; i < SPURIOUS_ROUNDS; i++) {
                line.clear(ALL);
                line.registers.writeRaw(0);
                Check.hex("interrupts.status after ones for nothing", 0, line.registers.readStatus());
            }
            line.messages.settle();
            Check.equal("messages for nothing", before, line.delivered());
            Check.equal("interrupts.sent", sent, line.registers.readSent());
            error(bench);
            line.await(before + 1);
        }
    }

    private static void unanswered(Bench bench, int events) {
        Presence.require(bench, "error_log");
        try (Line line = new Line(bench, false)) {
            line.enable(Raw.ERROR_MASK);
            long before = line.delivered();
            for (int i = 0; i < events; i++) {
                bench.forbidden().readReserved();
            }
            line.await(before + 1);
            awaitQuiet(bench, line);
            Check.equal("messages for %d events that nobody answered".formatted(events), before + 1, line.delivered());
        }
        stillWorks(bench);
    }

    /** Waits until the firmware has logged what there is to log. */
    private static void awaitQuiet(Bench bench, Line line) {
        int logged;
        do {
            logged = FaultLog.total(bench);
            line.messages.settle();
        } while (FaultLog.total(bench) != logged);
    }

    private static void answered(Bench bench, int events) {
        try (Line line = new Line(bench, false)) {
            line.enable(Raw.ERROR_MASK);
            long before = line.delivered();
            int sent = line.registers.readSent();
            for (int i = 0; i < events; i++) {
                error(bench);
                line.clear(Raw.ERROR_MASK);
            }
            line.await(before + events);
            line.messages.settle();
            Check.equal("messages for %d events, each answered".formatted(events), before + events, line.delivered());
            Check.equal("interrupts.sent since", events, line.registers.readSent() - sent);
        }
        stillWorks(bench);
    }

    private static void stillWorks(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            shop.host(0, 4096);
            long signal = shop.signal(1);
            shop.queue().submit(FillPacket.word(false, NONE, NONE),
                    (ring, at) -> FillPacket.encode(ring, at, 4, 0, Workshop.HOST, 1, signal));
            shop.await(signal);
        }
    }

    private static void forced(Bench bench) {
        try (Line line = new Line(bench, false)) {
            int vectors = line.messages.vectors();
            int rounds = 16;
            long[] before = line.messages.delivered();
            int sent = line.registers.readSent();
            for (int round = 0; round < rounds; round++) {
                for (int vector = 0; vector < vectors; vector++) {
                    line.messages.fire(vector);
                }
            }
            for (int vector = 0; vector < vectors; vector++) {
                line.messages.await(vector, before[vector] + rounds);
            }
            line.messages.settle();
            for (int vector = 0; vector < vectors; vector++) {
                Check.equal("messages on vector " + vector, before[vector] + rounds, bench.link().interrupts().delivered(vector));
            }
            Check.equal("interrupts.sent since", vectors * rounds, line.registers.readSent() - sent);
        }
    }

    private static void noVector(Bench bench) {
        try (Line line = new Line(bench, false)) {
            int sent = line.registers.readSent();
            long[] before = line.messages.delivered();
            for (int vector : new int[]{line.messages.vectors(), line.messages.vectors() + 1, 0xFFF}) {
                line.messages.fire(vector);
                line.messages.settle();
                Check.equal("interrupts.sent after vector " + vector, sent, line.registers.readSent());
            }
            for (int vector = 0; vector < before.length; vector++) {
                Check.equal("messages on vector " + vector, before[vector], bench.link().interrupts().delivered(vector));
            }
            line.messages.fire(1);
            line.messages.await(1, before[1] + 1);
        }
    }

    private static void maskedCause(Bench bench) {
        try (Line line = new Line(bench, false)) {
            line.enable(Raw.ERROR_MASK);
            long before = line.delivered();
            bench.link().interrupts().mask(0);
            try {
                for (int i = 0; i < SPURIOUS_ROUNDS; i++) {
                    error(bench);
                    line.clear(Raw.ERROR_MASK);
                }
                line.messages.settle();
                Check.equal("pending bit of vector 0", true, bench.link().interrupts().pending(0));
                Check.equal("messages while vector 0 is masked", before, line.delivered());
            } finally {
                bench.link().interrupts().unmask(0);
            }
            line.await(before + 1);
            line.messages.settle();
            Check.equal("messages once it is unmasked", before + 1, line.delivered());
        }
    }

    /** Vector 0 of a device that runs, nothing enabled and nothing raised; as it was at the end. */
    static final class Line implements AutoCloseable {
        final Messages messages;
        final InterruptsRegs registers;
        private final Bench bench;

        Line(Bench bench, boolean bare) {
            this.bench = bench;
            if (bare || !Presence.firmware(bench)) {
                bench.function().resetMildly();
                BareDevice device = bench.bare();
                bench.function().poll(() -> device.boot().state() == BootState.ROM_READY, CAUSE_NANOS);
            } else {
                bench.booted();
            }
            PpuBar0Regs device = bench.registers();
            registers = device.interrupts();
            messages = new Messages(bench);
            bench.enabledInterrupts();
            quiet();
            messages.settle();
        }

        private void quiet() {
            registers.writeEnable(0);
            registers.writeModeration(0);
            registers.writeRaw(ALL);
        }

        long delivered() {
            return bench.link().interrupts().delivered(0);
        }

        void enable(int causes) {
            registers.writeEnable(causes);
        }

        void clear(int causes) {
            registers.writeRaw(causes);
        }

        void await(long count) {
            messages.await(0, count);
        }

        void awaitRaw(int bit) {
            if (!bench.function().poll(() -> (registers.readRaw() & bit) != 0, CAUSE_NANOS)) {
                throw new CheckFailedException("interrupts.raw with 0x%x".formatted(bit), "0x%x".formatted(registers.readRaw()));
            }
        }

        @Override
        public void close() {
            quiet();
        }
    }
}
