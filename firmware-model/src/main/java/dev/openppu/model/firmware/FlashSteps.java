package dev.openppu.model.firmware;

import dev.openppu.model.firmware.flash.FlashPort;
import org.jspecify.annotations.Nullable;

/** Steps of one piece of work that each wait until the flash has nothing left to do. */
final class FlashSteps {
    private final FlashPort flash;
    private @Nullable Runnable next;

    FlashSteps(FlashPort flash) {
        this.flash = flash;
    }

    /** A step waits. */
    boolean busy() {
        return next != null;
    }

    /** Runs a step as soon as the flash has nothing to do; one may wait at a time. */
    void whenIdle(Runnable step) {
        if (flash.busy()) {
            next = step;
        } else {
            step.run();
        }
    }

    /** The board's FLASH line. */
    void flashIdle() {
        Runnable step = next;
        if (step != null && !flash.busy()) {
            next = null;
            step.run();
        }
    }
}
