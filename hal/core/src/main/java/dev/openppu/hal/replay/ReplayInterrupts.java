package dev.openppu.hal.replay;

import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.record.Kind;

/** MSI-X vectors whose messages come where the recording has them. */
final class ReplayInterrupts implements Interrupts {
    private final ReplayCursor cursor;
    private final ReplayCalls calls;
    private final int vectors;

    ReplayInterrupts(ReplayCursor cursor, ReplayCalls calls, int vectors) {
        this.cursor = cursor;
        this.calls = calls;
        this.vectors = vectors;
    }

    @Override
    public int vectors() {
        return vectors;
    }

    @Override
    public void enable(int count) {
        calls.call(Kind.IRQ_ENABLE, count, 0, 0, 0);
        cursor.forgetDelivered();
    }

    @Override
    public void disable() {
        calls.call(Kind.IRQ_DISABLE, 0, 0, 0, 0);
    }

    @Override
    public long delivered(int vector) {
        return cursor.delivered(vector);
    }

    @Override
    public void mask(int vector) {
        calls.call(Kind.IRQ_MASK, vector, 0, 0, 0);
    }

    @Override
    public void unmask(int vector) {
        calls.call(Kind.IRQ_UNMASK, vector, 0, 0, 0);
    }

    @Override
    public boolean pending(int vector) {
        return calls.call(Kind.IRQ_PENDING, vector, 0, 0, 0).value() != 0;
    }
}
