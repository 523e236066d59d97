package dev.openppu.rdl.live;

import org.jspecify.annotations.Nullable;

/** One instance of a field whose behaviour depends on more than the access: on other fields, on signals, on what came before. */
final class WiredField {

    final int cell;
    final int low;
    final long ones;
    final long mask;
    @Nullable
    Source writeEnable;
    @Nullable
    Source writeDisable;
    @Nullable
    Source loadEnable;
    @Nullable
    Source loadDisable;
    @Nullable
    Source bitEnable;
    @Nullable
    Source bitDisable;
    @Nullable
    Interrupt interrupt;
    @Nullable
    Counter counter;

    WiredField(int cell, int low, int width) {
        this.cell = cell;
        this.low = low;
        this.ones = width >= 64 ? -1L : (1L << width) - 1;
        this.mask = ones << low;
    }

    /** How an interrupt field takes its input. */
    enum Trigger {
        LEVEL, POSEDGE, NEGEDGE, BOTHEDGE
    }

    /** How long an interrupt field holds what it took. */
    enum Hold {
        /** Each bit until software clears it. */
        BITS,
        /** The first value other than 0 until software clears it. */
        VALUE,
        /** Not at all. */
        NOT
    }

    /** An interrupt field's input stage. */
    static final class Interrupt {
        private final Trigger trigger;
        private final Hold hold;
        private long lastInput;

        Interrupt(Trigger trigger, Hold hold) {
            this.trigger = trigger;
            this.hold = hold;
        }

        /** The stored bits after {@code input} arrived. */
        long arrive(long stored, long input) {
            long event = switch (trigger) {
                case LEVEL -> input;
                case POSEDGE -> input & ~lastInput;
                case NEGEDGE -> ~input & lastInput;
                case BOTHEDGE -> input ^ lastInput;
            };
            lastInput = input;
            return switch (hold) {
                case BITS -> stored | event;
                case VALUE -> stored == 0 ? event : stored;
                case NOT -> event;
            };
        }

        void reset() {
            lastInput = 0;
        }
    }

    /** Bits of the field that software may change now. */
    boolean takesSoftwareWrite() {
        return (writeEnable == null || writeEnable.isOn()) && (writeDisable == null || !writeDisable.isOn());
    }

    /** Bits of the word that hardware may change now, of this field. */
    long takesHardwareWrite() {
        if (loadEnable != null && !loadEnable.isOn() || loadDisable != null && loadDisable.isOn()) {
            return 0;
        }
        return bitsUnlocked();
    }

    /** Bits of the word that neither {@code hwenable} nor {@code hwmask} holds back, of this field. */
    long bitsUnlocked() {
        long open = ones;
        if (bitEnable != null) {
            open &= bitEnable.get();
        }
        if (bitDisable != null) {
            open &= ~bitDisable.get();
        }
        return open << low;
    }
}
