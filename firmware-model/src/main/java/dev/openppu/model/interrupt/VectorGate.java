package dev.openppu.model.interrupt;

import dev.openppu.model.agenda.Agenda;

/**
 * Keeps the least time between two messages of one source: a later one is held back and joined with others, never lost. When the source's vector changes while one
 * is held back, the held one goes to the vector that was asked for last: software that has moved the queue looks there.
 */
public final class VectorGate {
    private static final long NANOS_PER_MICRO = 1000;

    private final Agenda agenda;
    private final MessageSender sender;
    private final Runnable release = this::release;
    private long nextAllowed;
    private boolean held;
    private int vector;
    private int micros;

    public VectorGate(Agenda agenda, MessageSender sender) {
        this.agenda = agenda;
        this.sender = sender;
    }

    /** Sends a message now, or as soon as {@code moderation} microseconds have passed since the last one. */
    public void request(int toVector, int moderation) {
        vector = toVector;
        micros = moderation;
        if (held) {
            return;
        }
        long wait = micros == 0 ? 0 : nextAllowed - agenda.nanos();
        if (wait <= 0) {
            send();
        } else {
            held = true;
            agenda.after(wait, "irq.moderated", release);
        }
    }

    /** Forgets what is held back. */
    public void reset() {
        held = false;
        nextAllowed = 0;
    }

    private void release() {
        if (held) {
            held = false;
            send();
        }
    }

    private void send() {
        nextAllowed = micros == 0 ? 0 : agenda.nanos() + micros * NANOS_PER_MICRO;
        sender.send(vector);
    }
}
