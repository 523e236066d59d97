package dev.openppu.model.boot;

import dev.openppu.model.firmware.flash.FirmwareSlots;
import dev.openppu.model.firmware.flash.SlotState;
import dev.openppu.model.firmware.flash.SlotState.Trial;
import dev.openppu.model.flash.FlashController;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * The ROM's way through the flash slots: which one a boot tries, and what it writes down.
 *
 * <p>A trial is written down before the image is entered, and confirmed when the firmware has reported itself. Whoever finds a trial under way knows that it was not
 * confirmed, and goes back to the active slot. A slot that does not boot makes way for the other one.
 */
final class FlashBoot {
    private static final int NOWHERE = -1;

    private final FlashController flash;
    private final FirmwareSlots slots;
    private final Consumer<byte[]> load;
    private final Runnable noSlot;
    private int slot = NOWHERE;
    private int tried;
    private boolean confirmed;

    /**
     * @param load has the ROM take an image
     * @param noSlot nothing in flash boots
     */
    FlashBoot(FlashController flash, Consumer<byte[]> load, Runnable noSlot) {
        this.flash = flash;
        this.slots = new FirmwareSlots(flash);
        this.load = load;
        this.noSlot = noSlot;
    }

    void reset() {
        slot = NOWHERE;
        confirmed = false;
    }

    /** A boot from flash is under way. */
    boolean booting() {
        return slot != NOWHERE && !confirmed;
    }

    OptionalInt bootedSlot() {
        return confirmed ? OptionalInt.of(slot) : OptionalInt.empty();
    }

    /** The host wants to boot from flash. */
    void begin() {
        tried = 0;
        SlotState state = slots.state();
        switch (state.trial()) {
            case NONE -> take(state.active());
            case WANTED -> write(state.with(Trial.UNDER_WAY), () -> take(state.other()));
            case UNDER_WAY -> write(new SlotState(state.active(), Trial.NONE, true), () -> take(state.active()));
        }
    }

    /** The slot's image was refused, or its firmware did not report itself. */
    void failed() {
        int next = 1 - slot;
        if (tried == 2) {
            slot = NOWHERE;
            noSlot.run();
            return;
        }
        SlotState state = slots.state();
        if (state.trial() == Trial.NONE) {
            take(next);
        } else {
            write(new SlotState(state.active(), Trial.NONE, true), () -> take(next));
        }
    }

    /** The slot's firmware has reported itself: it is the active one from now on. */
    void confirmed() {
        if (!booting()) {
            return;
        }
        confirmed = true;
        SlotState state = slots.state();
        boolean fellBack = state.fellBack() || tried == 2;
        SlotState now = new SlotState(slot, Trial.NONE, fellBack);
        if (!now.equals(state)) {
            slots.write(now);
        }
    }

    private void write(SlotState state, Runnable then) {
        slots.write(state);
        flash.whenIdle(then);
    }

    private void take(int number) {
        slot = number;
        tried++;
        load.accept(slots.image(number));
    }
}
