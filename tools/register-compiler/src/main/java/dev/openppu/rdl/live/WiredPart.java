package dev.openppu.rdl.live;

/** The part of a wired field that is in one cell. */
final class WiredPart {

    final WiredField field;
    final BitSpan span;
    /** What an interrupt field's input was, as it is in the cell's bits of the field. */
    private long lastInput;

    WiredPart(WiredField field, BitSpan span) {
        this.field = field;
        this.span = span;
    }

    /** Bits of the cell, of this field, that hardware may load now. */
    long takesHardwareWrite() {
        return field.loadIsOn() ? unlocked() : 0;
    }

    /** Bits of the cell, of this field, that neither {@code hwenable} nor {@code hwmask} holds back. */
    long unlocked() {
        long open = -1L;
        if (field.bitEnable != null) {
            open &= field.bitEnable.bits(span.from());
        }
        if (field.bitDisable != null) {
            open &= ~field.bitDisable.bits(span.from());
        }
        return open << span.low() & span.mask();
    }

    /**
     * What an interrupt field holds after its input.
     *
     * @param stored  what it held, at its place in the cell
     * @param input   the input, likewise
     * @param setting the field's input stage
     */
    long arrive(long stored, long input, InterruptInput setting) {
        long now = input & span.mask();
        long event = setting.event(lastInput, now);
        lastInput = now;
        return setting.held(stored & span.mask(), event);
    }

    void forgetInput() {
        lastInput = 0;
    }
}
