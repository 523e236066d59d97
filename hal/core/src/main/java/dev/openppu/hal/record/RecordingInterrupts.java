package dev.openppu.hal.record;

import dev.openppu.hal.irq.Interrupts;

/** MSI-X vectors: what is done to them is recorded here, their messages are found by the {@link Recorder}. */
final class RecordingInterrupts implements Interrupts {
    private final Recorder recorder;
    private final Interrupts device;

    RecordingInterrupts(Recorder recorder, Interrupts device) {
        this.recorder = recorder;
        this.device = device;
    }

    @Override
    public int vectors() {
        return device.vectors();
    }

    @Override
    public void enable(int count) {
        recorder.enabled(0);
        does(Kind.IRQ_ENABLE, count, () -> device.enable(count));
        recorder.enabled(count);
    }

    @Override
    public void disable() {
        recorder.enabled(0);
        does(Kind.IRQ_DISABLE, 0, device::disable);
    }

    @Override
    public long delivered(int vector) {
        return device.delivered(vector);
    }

    @Override
    public void mask(int vector) {
        does(Kind.IRQ_MASK, vector, () -> device.mask(vector));
    }

    @Override
    public void unmask(int vector) {
        does(Kind.IRQ_UNMASK, vector, () -> device.unmask(vector));
    }

    private void does(Kind kind, int unit, Runnable action) {
        recorder.look();
        try {
            action.run();
            recorder.call(kind, unit, 0, 0, 0);
        } catch (RuntimeException e) {
            recorder.failed(kind, e);
            throw e;
        }
    }

    @Override
    public boolean pending(int vector) {
        try {
            boolean pending = device.pending(vector);
            recorder.call(Kind.IRQ_PENDING, vector, 0, 0, pending ? 1 : 0);
            return pending;
        } catch (RuntimeException e) {
            recorder.failed(Kind.IRQ_PENDING, e);
            throw e;
        }
    }
}
