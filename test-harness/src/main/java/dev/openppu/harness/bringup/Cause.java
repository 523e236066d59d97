package dev.openppu.harness.bringup;

import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.InterruptsRegs.Raw;
import dev.openppu.abi.reg.MemoryRegs;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.PowerRegs;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.MessageRings;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.util.Locale;
import java.util.function.Consumer;

/** The device's own causes of interrupts, which share vector 0, and what makes each of them happen. */
enum Cause {
    /** An access outside the map; the firmware logs it a little later. */
    ERROR(Raw.ERROR_MASK, "error_log", Cause::accessOutside),
    /** An image of no bytes, refused. */
    BOOT(Raw.BOOT_MASK, "boot", Cause::refusedImage),
    /** A reply to HELLO. */
    FW_EVENT(Raw.FW_EVENT_MASK, "fw", Cause::reply),
    /** A fill of memory that is not mapped. */
    MMU_FAULT(Raw.MMU_FAULT_MASK, "mmu", Cause::pageFault),
    /** A packet of no type. */
    QUEUE_ERROR(Raw.QUEUE_ERROR_MASK, "queue", Cause::badPacket),
    /** A pass over one page. */
    SCRUB_DONE(Raw.SCRUB_DONE_MASK, "scrub", Cause::scrub),
    /** A reset of a queue. */
    ENGINE_RESET(Raw.ENGINE_RESET_MASK, "queue", Cause::queueReset),
    /** Applications clocks come and go: power.throttle changes. */
    THROTTLE(Raw.THROTTLE_MASK, "power", Cause::slower);

    private static final long CAUSE_NANOS = 1_000_000_000L;
    private static final long NOT_MAPPED = 1L << 41;
    private static final int NO_TYPE = 7;
    private static final int PAGE = 4096;

    private final int bit;
    private final String block;
    private final Consumer<Bench> provocation;

    Cause(int bit, String block, Consumer<Bench> provocation) {
        this.bit = bit;
        this.block = block;
        this.provocation = provocation;
    }

    /** {@code fw-event}, for ids of cases. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Its bit of interrupts.raw. */
    int bit() {
        return bit;
    }

    /** Skips the case under way if the device lacks what the cause comes from. */
    void require(Bench bench) {
        Presence.require(bench, block);
    }

    /** Makes it happen; what is waited for is the device's side alone, no message. */
    void provoke(Bench bench) {
        require(bench);
        provocation.accept(bench);
    }

    private static void accessOutside(Bench bench) {
        int before = FaultLog.total(bench);
        bench.forbidden().readReserved();
        if (!bench.function().poll(() -> FaultLog.total(bench) != before, CAUSE_NANOS)) {
            throw new CheckFailedException("an entry in the error log within 1 s", "none");
        }
    }

    private static void refusedImage(Bench bench) {
        BootRegs boot = bench.registers().boot();
        if (!bench.function().poll(() -> BootRegs.Status.state(boot.readStatus()) == BootState.ROM_READY.value(), CAUSE_NANOS)) {
            throw new CheckFailedException("boot.status.state = ROM_READY", Integer.toString(BootRegs.Status.state(boot.readStatus())));
        }
        boot.writeImageSize(0);
        boot.writeCommand(BootRegs.Command.withStart(0, true));
    }

    private static void reply(Bench bench) {
        bench.requireKeys();
        try (MessageRings rings = new MessageRings(bench.link(), bench.function(), bench.registers().fw(), 4)) {
            rings.replyTo(rings.send(MessageType.HELLO.code(), 1, 1, 0));
        }
    }

    private static void pageFault(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            MmuRegs mmu = bench.registers().mmu();
            mmu.writeFaultStatus(MmuRegs.FaultStatus.withValid(0, true));
            failingFill(shop, FillPacket.word(false, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_NONE));
        }
    }

    private static void badPacket(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            failingFill(shop, NO_TYPE);
        }
    }

    private static void failingFill(Workshop shop, int word) {
        RawQueue queue = shop.queue();
        queue.submit(word, (ring, at) -> FillPacket.encode(ring, at, 4, 0, NOT_MAPPED, 1, 0));
        queue.awaitError();
    }

    private static void scrub(Bench bench) {
        MemoryRegs memory = bench.registers().memory();
        memory.writeScrubFirst(0);
        memory.writeScrubLast(PAGE - 1);
        memory.writeScrub(MemoryRegs.Scrub.withStart(0, true));
    }

    private static void queueReset(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            QueueRegs queue = shop.queue().registers();
            queue.writeControl(QueueRegs.Control.withReset(queue.readControl(), true));
            if (!bench.function().poll(() -> !QueueRegs.Status.resetting(queue.readStatus()), CAUSE_NANOS)) {
                throw new CheckFailedException("queue.status.resetting = 0 within 1 s", "1");
            }
        }
    }

    private static void slower(Bench bench) {
        PowerRegs power = bench.registers().power();
        boolean lowered = PowerRegs.Applications.units(power.readApplications()) != 0;
        power.writeApplications(lowered ? 0 : PowerRegs.Applications.withUnits(0, 1));
    }
}
