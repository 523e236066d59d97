package dev.openppu.model.command;

import dev.openppu.model.agenda.Agenda;

/** Where a packet is whose work is done and whose completion a fault injector delays; a cancelled one ends at once. */
final class LateCompletion implements PacketEngine {
    private final Agenda agenda;

    LateCompletion(Agenda agenda) {
        this.agenda = agenda;
    }

    void delay(Packet packet, long nanos) {
        long index = packet.index();
        packet.submitTo(this);
        agenda.after(nanos, "fault.late", () -> {
            if (packet.isWith(this) && packet.index() == index) {
                packet.complete();
            }
        });
    }

    @Override
    public void submit(Packet packet) {
        // it is done already
    }

    @Override
    public void cancelled(Packet packet) {
        packet.abandoned();
    }
}
