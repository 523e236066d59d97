package dev.openppu.model.interrupt;

import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.reg.InterruptsRegs;

/**
 * The device's own causes, which share vector 0: {@code raw} latches them, {@code enable} lets them through, {@code status} shows what got through.
 *
 * <p>A message goes out when a bit of {@code status} rises. Software writes 1 to {@code raw} before it handles a cause, so a cause that comes again meanwhile
 * rises again.
 */
public final class InterruptController {
    private static final int VECTOR = 0;

    private final InterruptsRegs registers;
    private final MessageSender sender;
    private final VectorGate gate;
    private int status;

    public InterruptController(InterruptsRegs registers, MessageSender sender, Agenda agenda) {
        this.registers = registers;
        this.sender = sender;
        this.gate = new VectorGate(agenda, sender);
    }

    /** A cause has happened. */
    public void raise(Cause cause) {
        registers.writeRaw(cause.mask());
        causesChanged();
    }

    /** {@code raw} or {@code enable} changed. */
    public void causesChanged() {
        int now = registers.readRaw() & registers.readEnable();
        int risen = now & ~status;
        status = now;
        registers.writeStatus(now);
        if (risen != 0) {
            gate.request(VECTOR, InterruptsRegs.Moderation.micros(registers.readModeration()));
        }
    }

    /** Software wrote {@code force} with its {@code fire} bit. */
    public void force() {
        sender.send(InterruptsRegs.Force.vector(registers.readForce()));
    }

    public void reset() {
        status = 0;
        gate.reset();
        sender.reset();
    }
}
