package dev.openppu.model.interrupt;

import dev.openppu.model.agenda.Agenda;

/** Keeps the least time between two messages of one source: a later one is held back and joined with others, never lost. */
public final class VectorGate {
    private static final long NANOS_PER_MICRO = 1000;

    private final Agenda agenda;
    private final MessageSender sender;
    private long nextAllowed;
    private boolean held;

    public VectorGate(Agenda agenda, MessageSender sender) {
        this.agenda = agenda;
        this.sender = sender;
    }

    /** Sends a message now, or as soon as {@code micros} have passed since the last one. */
    public void request(int vector, int micros) {
        if (held) {
            return;
        }
        long wait = nextAllowed - agenda.nanos();
        if (micros == 0 || wait <= 0) {
            send(vector, micros);
        } else {
            held = true;
            agenda.after(wait, "irq.moderated", () -> {
                held = false;
                send(vector, micros);
            });
        }
    }

    /** Forgets what is held back. */
    public void reset() {
        held = false;
        nextAllowed = 0;
    }

    private void send(int vector, int micros) {
        nextAllowed = agenda.nanos() + micros * NANOS_PER_MICRO;
        sender.send(vector);
    }
}
