package dev.openppu.model.copy;

import dev.openppu.abi.packet.VendorPacket;
import dev.openppu.abi.reg.Engine;
import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.command.Packet;
import dev.openppu.model.command.WorkFault;
import dev.openppu.model.fault.FaultPlan;
import dev.openppu.model.memory.VirtualPort;
import dev.openppu.model.power.Activity;
import dev.openppu.model.reg.CopyEngineRegs;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One copy engine: works on one packet at a time, burst by burst. A fault ends the packet; bursts before it have happened. A reset takes
 * the packet away; what was scheduled for it then does nothing.
 */
public final class CopyEngine {
    private static final long SETUP_NANOS = 300;
    private static final long SETUP_SPREAD = 400;
    private static final long BYTES_PER_NANO = 48;
    private static final long BURST_NANOS = 60;
    private static final long BURST_SPREAD = 40;

    private final Engine name;
    private final CopyEngineRegs registers;
    private final Agenda agenda;
    private final VirtualPort port;
    private final MemorySegment buffer;
    private Runnable whenFree = () -> {};
    private final FaultPlan faults;
    private final Activity activity;
    private @Nullable Packet current;
    private @Nullable Runnable stalled;
    private long work;
    private int finished;
    private long bytes;

    /** What may go wrong, and who wants to know that work is done. */
    public record Parts(FaultPlan faults, Activity activity) {}

    /** @param name {@link Engine#COPY0} or {@link Engine#COPY1} */
    public CopyEngine(Engine name, CopyEngineRegs registers, Agenda agenda, VirtualPort port, Parts parts, Arena arena) {
        this.name = name;
        this.registers = registers;
        this.agenda = agenda;
        this.port = port;
        this.faults = parts.faults();
        this.activity = parts.activity();
        faults.whenUnhung(name, this::goOn);
        this.buffer = arena.allocate(Transfer.BURST_BYTES, Long.BYTES);
    }

    void whenFree(Runnable action) {
        whenFree = action;
    }

    Engine name() {
        return name;
    }

    boolean free() {
        return current == null;
    }

    void begin(Packet packet) {
        work++;
        current = packet;
        activity.copies(1);
        registers.writeStatus(CopyEngineRegs.Status.withQueue(CopyEngineRegs.Status.withBusy(0, true), packet.queueNumber()));
        Transfer transfer = VendorPacket.format(packet.header()) == VendorPacket.FORMAT_COPY
                ? Transfer.copy(packet, port)
                : Transfer.fill(packet, port, buffer);
        later(SETUP_NANOS, SETUP_SPREAD, "copy.begin", () -> burst(packet, transfer));
    }

    /** Takes its work away, as a reset of the engine does: returns it, or null if there was none. */
    @Nullable
    Packet takeAway() {
        Packet lost = current;
        work++;
        stalled = null;
        release();
        return lost;
    }

    void reset() {
        work++;
        current = null;
        stalled = null;
        finished = 0;
        bytes = 0;
    }

    /** The engine's next step, unless its work is taken away before; a hung engine stands still there. */
    private void later(long nanos, long spread, String what, Runnable step) {
        long of = work;
        agenda.afterAbout(nanos, spread, what, () -> {
            if (of != work) {
                return;
            }
            if (faults.hung(name)) {
                stalled = step;
            } else {
                step.run();
            }
        });
    }

    private void goOn() {
        Runnable step = stalled;
        stalled = null;
        if (step != null) {
            step.run();
        }
    }

    private void burst(Packet packet, Transfer transfer) {
        if (packet.cancelled()) {
            release();
            packet.abandoned();
            whenFree.run();
            return;
        }
        Transfer.Step step = transfer.burst();
        bytes += transfer.moved();
        registers.writeBytes(bytes);
        packet.progressed();
        switch (step) {
            case MORE -> later(nanos(transfer), BURST_SPREAD, "copy.burst", () -> burst(packet, transfer));
            case DONE -> later(nanos(transfer), BURST_SPREAD, "copy.end", () -> {
                finished++;
                registers.writeFinished(finished);
                release();
                packet.completed();
                whenFree.run();
            });
            case FAULT -> {
                release();
                packet.failed(WorkFault.operand(name, port.fault()));
                whenFree.run();
            }
            case MALFORMED -> {
                release();
                packet.failed(WorkFault.malformed(name, transfer.place()));
                whenFree.run();
            }
        }
    }

    private static long nanos(Transfer transfer) {
        return BURST_NANOS + transfer.moved() / BYTES_PER_NANO;
    }

    private void release() {
        if (current != null) {
            activity.copies(-1);
        }
        current = null;
        registers.writeStatus(0);
    }
}
