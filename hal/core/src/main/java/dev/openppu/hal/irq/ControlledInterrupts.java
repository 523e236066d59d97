package dev.openppu.hal.irq;

/** Interrupts whose vectors somebody else controls; how their messages arrive is the subclass's. */
public abstract class ControlledInterrupts implements Interrupts {
    private final VectorControl control;

    protected ControlledInterrupts(VectorControl control) {
        this.control = control;
    }

    protected final VectorControl control() {
        return control;
    }

    @Override
    public final int vectors() {
        return control.vectors();
    }

    @Override
    public final void mask(int vector) {
        control.require(vector);
        control.mask(vector);
    }

    @Override
    public final void unmask(int vector) {
        control.require(vector);
        control.unmask(vector);
    }

    @Override
    public final boolean pending(int vector) {
        control.require(vector);
        return control.pending(vector);
    }
}
