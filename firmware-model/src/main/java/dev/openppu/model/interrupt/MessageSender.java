package dev.openppu.model.interrupt;

import dev.openppu.model.pcie.HostPort;
import dev.openppu.model.reg.InterruptsRegs;

/** Sends interrupt messages and counts them. */
public final class MessageSender {
    private final HostPort host;
    private final InterruptsRegs registers;
    private final int vectors;
    private int sent;

    public MessageSender(HostPort host, InterruptsRegs registers, int vectors) {
        this.host = host;
        this.registers = registers;
        this.vectors = vectors;
    }

    /** Sends a vector's message; a vector that the device does not have is ignored. */
    public void send(int vector) {
        if (vector >= vectors) {
            return;
        }
        sent++;
        registers.writeSent(sent);
        host.interrupt(vector);
    }

    public void reset() {
        sent = 0;
    }
}
